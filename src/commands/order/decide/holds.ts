import type { OrderFact } from '../../../events/catalog/index.ts';
import { uuidv5 } from '../../../values/ids.ts';
import { instantOf, isRefused } from '../../checks.ts';
import { accept, type Decision, type DecisionContext, refuse } from '../../decider.ts';
import type { OrderCommand } from '../commands.ts';
import { lineOf, type OrderState } from '../state.ts';

type Body<Kind extends OrderCommand['kind']> = Extract<OrderCommand, { kind: Kind }>['body'];

const mostHolds = 100;

export function placeHold(state: OrderState, body: Body<'hold'>, context: DecisionContext): Decision<OrderFact> {
  const { orderNo } = state;
  const { holdType, lineNo, holdId = uuidv5(context.commandId, 'hold') } = body;
  if (lineNo !== undefined && !lineOf(state, lineNo))
    return refuse('line-unknown', `Order ${orderNo} has no line ${lineNo}`, '/lineNo');
  if (state.holds.some((hold) => hold.holdId === holdId))
    return refuse('hold-exists', `Hold ${holdId} is on order ${orderNo} already`, '/holdId');
  if (state.holds.length >= mostHolds)
    return refuse('too-many-holds', `Order ${orderNo} has ${mostHolds} holds; release some first`);
  const expiresAt = body.expiresAt && instantOf(body.expiresAt, '/expiresAt');
  if (isRefused(expiresAt)) return expiresAt;
  if (expiresAt && expiresAt <= context.occurredAt)
    return refuse('expiry-in-past', `The hold would end at ${expiresAt}, before it begins`, '/expiresAt');
  return accept({
    type: 'HoldPlaced',
    data: { orderNo, holdId, holdType, ...(lineNo !== undefined && { lineNo }), ...(expiresAt && { expiresAt }) },
  });
}

/** A hold that has expired may be released too: that only clears it away. */
export function releaseHold(state: OrderState, { holdId }: Body<'release-hold'>): Decision<OrderFact> {
  if (!state.holds.some((hold) => hold.holdId === holdId))
    return refuse('hold-unknown', `There is no hold ${holdId} on order ${state.orderNo}`, '/holdId');
  return accept({ type: 'HoldReleased', data: { orderNo: state.orderNo, holdId } });
}
