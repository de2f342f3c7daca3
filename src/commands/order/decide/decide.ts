import type { OrderFact } from '../../../events/catalog/index.ts';
import { isRefused, pastInstant } from '../../checks.ts';
import { accept, type Decision, type DecisionContext } from '../../decider.ts';
import type { OrderCommand } from '../commands.ts';
import { standing } from '../standing.ts';
import type { OrderState } from '../state.ts';
import { cancelLine, cancelOrder } from './cancel.ts';
import { close } from './close.ts';
import { deliver } from './deliver.ts';
import { recordDeliveryError } from './errors.ts';
import { placeHold, releaseHold } from './holds.ts';
import { changeLines } from './lines.ts';
import { place } from './place.ts';
import { promise } from './promise.ts';
import { ship } from './ship.ts';

/** What the command changes of the order, or why it cannot. The same state, command and context give the same bytes. */
export function decide(state: OrderState, command: OrderCommand, context: DecisionContext): Decision<OrderFact> {
  const occurredAt = pastInstant(context.occurredAt, context.now, '/occurredAt');
  if (isRefused(occurredAt)) return occurredAt;
  return standing(state, command.kind, occurredAt) ?? decideCommand(state, command, { ...context, occurredAt });
}

function decideCommand(state: OrderState, command: OrderCommand, context: DecisionContext): Decision<OrderFact> {
  const { orderNo } = state;
  switch (command.kind) {
    case 'place':
      return place(command, context);
    case 'accept':
      return accept({ type: 'OrderAccepted', data: { orderNo } });
    case 'reject':
      return accept({ type: 'OrderRejected', data: { orderNo } });
    case 'hold':
      return placeHold(state, command.body, context);
    case 'release-hold':
      return releaseHold(state, command.body);
    case 'change-lines':
      return changeLines(state, command.body, context);
    case 'cancel-line':
      return cancelLine(state, command.body);
    case 'cancel':
      return cancelOrder(state, command.body);
    case 'promise':
      return promise(state, command.body, context.occurredAt);
    case 'ship':
      return ship(state, command.body, context);
    case 'deliver':
      return deliver(state, command.body, context);
    case 'record-delivery-error':
      return recordDeliveryError(state, command.body, context);
    case 'close':
      return close(state);
    case 'reopen':
      return accept({ type: 'OrderReopened', data: { orderNo } });
  }
}
