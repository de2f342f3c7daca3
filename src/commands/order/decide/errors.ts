import type { OrderFact } from '../../../events/catalog/index.ts';
import { uuidv5 } from '../../../values/ids.ts';
import { isRefused } from '../../checks.ts';
import { accept, type Decision, type DecisionContext, type Refused, refuse } from '../../decider.ts';
import type { OrderCommand } from '../commands.ts';
import { lineOf, type OrderState } from '../state.ts';
import { exceeds, quantityOf } from './checks.ts';

type Body = Extract<OrderCommand, { kind: 'record-delivery-error' }>['body'];

const mostErrors = 1_000;

/** Records that a delivery was not as ordered. Possible from the first shipment on, also after closing: errors show late. */
export function recordDeliveryError(state: OrderState, body: Body, context: DecisionContext): Decision<OrderFact> {
  const { orderNo } = state;
  const { errorId = uuidv5(context.commandId, 'delivery-error'), qty: reported, ...rest } = body;
  if (state.shipments.length === 0) return refuse('nothing-shipped', `Nothing of order ${orderNo} has left yet`);
  if (state.deliveryErrors.some((error) => error.errorId === errorId))
    return refuse('delivery-error-exists', `Delivery error ${errorId} was recorded before`, '/errorId');
  if (state.deliveryErrors.length >= mostErrors)
    return refuse('too-many-delivery-errors', `Order ${orderNo} has ${mostErrors} delivery errors`);
  const qty = placeProblem(state, body) ?? (reported && affected(state, body, reported));
  if (isRefused(qty)) return qty;
  return accept({ type: 'DeliveryErrorRecorded', data: { orderNo, errorId, ...rest, ...(qty && { qty }) } });
}

function placeProblem(state: OrderState, { lineNo, shipmentId }: Body): Refused | undefined {
  const { orderNo, shipments } = state;
  if (lineNo !== undefined && !lineOf(state, lineNo))
    return refuse('line-unknown', `Order ${orderNo} has no line ${lineNo}`, '/lineNo');
  const shipment = shipments.find((candidate) => candidate.shipmentId === shipmentId);
  if (shipmentId !== undefined && !shipment)
    return refuse('shipment-unknown', `Order ${orderNo} has no shipment ${shipmentId}`, '/shipmentId');
  if (lineNo !== undefined && shipment && !shipment.lines.some((line) => line.lineNo === lineNo))
    return refuse('line-not-in-shipment', `Line ${lineNo} did not leave with ${shipmentId}`, '/lineNo');
  return undefined;
}

function affected(state: OrderState, { lineNo }: Body, reported: NonNullable<Body['qty']>) {
  const line = lineNo === undefined ? undefined : lineOf(state, lineNo);
  if (!line) return refuse('line-required', 'Name the order line of which the quantity is wrong', '/lineNo');
  const qty = quantityOf(reported, line.uom, '/qty');
  if (isRefused(qty)) return qty;
  const { shipped } = line.ledger;
  if (exceeds(qty, shipped))
    return refuse(
      'quantity-exceeds-shipped',
      `Only ${shipped} ${line.uom} of line ${lineNo} have left, not ${qty}`,
      '/qty',
    );
  return { value: qty, uom: line.uom };
}
