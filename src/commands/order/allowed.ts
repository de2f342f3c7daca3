import { isPositive } from '../../values/decimal.ts';
import type { RefusalCode } from '../refusals.ts';
import { type OrderCommandName, orderCommands } from './commands.ts';
import { isToDeliver } from './decide/promise.ts';
import type { At } from './holds.ts';
import { headroom, isFinished, toShip, underWay, unpromised } from './ledger.ts';
import { standing } from './standing.ts';
import type { OrderLineState, OrderState } from './state.ts';

const someLine = (state: OrderState, holds: (line: OrderLineState) => boolean): boolean => state.lines.some(holds);

/** Commands that find nothing to do, by the quantities of the order. */
const nothingFor: { readonly [Name in OrderCommandName]?: (state: OrderState) => RefusalCode | undefined } = {
  'release-hold': ({ holds }) => (holds.length > 0 ? undefined : 'no-hold'),
  'cancel-line': (state) => (someLine(state, (line) => isPositive(toShip(line.ledger))) ? undefined : 'nothing-open'),
  cancel: (state) =>
    state.shipments.length === 0 || someLine(state, (line) => isPositive(toShip(line.ledger)))
      ? undefined
      : 'nothing-open',
  promise: (state) =>
    someLine(state, (line) => isPositive(unpromised(line.ledger)) || line.scheduleLines.some(isToDeliver))
      ? undefined
      : 'nothing-to-promise',
  ship: (state) =>
    someLine(state, (line) => isPositive(headroom(line.ledger, 'ship', state.tolerances)))
      ? undefined
      : 'nothing-to-ship',
  deliver: (state) => (someLine(state, (line) => isPositive(underWay(line.ledger))) ? undefined : 'nothing-under-way'),
  'record-delivery-error': ({ shipments }) => (shipments.length > 0 ? undefined : 'nothing-shipped'),
  close: ({ lines, tolerances }) =>
    lines.every((line) => isFinished(line.ledger, tolerances)) ? undefined : 'order-not-finished',
};

const names = Object.keys(orderCommands) as OrderCommandName[];

/** For every command: true, or the code of the refusal that it would get now. Details of a command may still be refused. */
export function allowedCommands(state: OrderState, at?: At): Record<OrderCommandName, true | RefusalCode> {
  const allowed = {} as Record<OrderCommandName, true | RefusalCode>;
  for (const name of names) {
    allowed[name] = standing(state, name, at)?.refusal.code ?? nothingFor[name]?.(state) ?? true;
  }
  return allowed;
}
