import type { OrderFact } from '../../../events/catalog/index.ts';
import { type Decimal, isPositive, isZero, min, subtract } from '../../../values/decimal.ts';
import { isRefused } from '../../checks.ts';
import { accept, type Decision, type DecisionContext, type Refused, refuse } from '../../decider.ts';
import type { OrderCommand } from '../commands.ts';
import type { Part } from '../lines.ts';
import { lineOf, type OrderState, type Shipment, type ShipmentLine } from '../state.ts';
import { exceeds, quantityOf } from './checks.ts';

type Body = Extract<OrderCommand, { kind: 'deliver' }>['body'];
type DeliveredLine = Extract<OrderFact, { type: 'LinesDelivered' }>['data']['lines'][number];

/** Records that quantities of one shipment arrived; all that is under way with it, unless lines are named. */
export function deliver(state: OrderState, body: Body, { occurredAt }: DecisionContext): Decision<OrderFact> {
  const { orderNo } = state;
  const { shipmentId } = body;
  const shipment = state.shipments.find((candidate) => candidate.shipmentId === shipmentId);
  if (!shipment) return refuse('shipment-unknown', `Order ${orderNo} has no shipment ${shipmentId}`, '/shipmentId');
  if (occurredAt < shipment.shippedAt)
    return refuse(
      'delivered-before-shipped',
      `Shipment ${shipmentId} left at ${shipment.shippedAt}; it cannot have arrived at ${occurredAt}`,
      '/occurredAt',
    );
  const lines = body.lines ? named(state, shipment, body.lines) : all(state, shipment);
  return isRefused(lines) ? lines : accept({ type: 'LinesDelivered', data: { orderNo, shipmentId, lines } });
}

const underWay = (line: ShipmentLine): Decimal => subtract(line.qty, line.delivered);

function all(state: OrderState, { shipmentId, lines }: Shipment): DeliveredLine[] | Refused {
  const open = lines.filter((line) => isPositive(underWay(line)));
  if (open.length === 0)
    return refuse('nothing-under-way', `Everything of shipment ${shipmentId} has arrived`, '/shipmentId');
  return open.map((line) => arrival(line, underWay(line), uomOf(state, line.lineNo)));
}

function named(state: OrderState, shipment: Shipment, entries: NonNullable<Body['lines']>): DeliveredLine[] | Refused {
  const { shipmentId } = shipment;
  const inShipment = new Map(shipment.lines.map((line) => [line.lineNo, line]));
  const delivered = new Map<number, DeliveredLine>();
  for (const [index, entry] of entries.entries()) {
    const { lineNo } = entry;
    const place = `/lines/${index}`;
    if (!lineOf(state, lineNo))
      return refuse('line-unknown', `Order ${state.orderNo} has no line ${lineNo}`, `${place}/lineNo`);
    const line = inShipment.get(lineNo);
    if (!line)
      return refuse('line-not-in-shipment', `Line ${lineNo} did not leave with ${shipmentId}`, `${place}/lineNo`);
    if (delivered.has(lineNo)) return refuse('duplicate-target', `Line ${lineNo} is named twice`, `${place}/lineNo`);
    const uom = uomOf(state, lineNo);
    const limit = underWay(line);
    const qty = entry.qty ? quantityOf(entry.qty, uom, `${place}/qty`) : limit;
    if (isRefused(qty)) return qty;
    if (isZero(limit))
      return refuse('nothing-under-way', `Everything of line ${lineNo} in ${shipmentId} has arrived`, place);
    if (exceeds(qty, limit))
      return refuse(
        'quantity-exceeds-shipped',
        `Only ${limit} ${uom} of line ${lineNo} are under way with ${shipmentId}, not ${qty}`,
        `${place}/qty`,
      );
    delivered.set(lineNo, arrival(line, qty, uom));
  }
  return [...delivered.values()];
}

/** Counted against the promises of the shipment in the order in which it was loaded; what had no promise arrives last. */
function arrival(line: ShipmentLine, qty: Decimal, uom: string): DeliveredLine {
  let rest = qty;
  const parts: Part[] = [];
  for (const loaded of line.scheduleLines) {
    const part = min(rest, subtract(loaded.qty, loaded.delivered));
    if (isZero(part)) continue;
    parts.push({ scheduleId: loaded.scheduleId, qty: part });
    rest = subtract(rest, part);
  }
  return {
    lineNo: line.lineNo,
    qty: { value: qty, uom },
    scheduleLines: parts.map((part) => ({ scheduleId: part.scheduleId, qty: { value: part.qty, uom } })),
  };
}

const uomOf = (state: OrderState, lineNo: number): string => lineOf(state, lineNo)?.uom ?? '';
