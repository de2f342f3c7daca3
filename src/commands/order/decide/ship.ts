import type { OrderFact } from '../../../events/catalog/index.ts';
import { add, type Decimal, isPositive, isZero, min, subtract } from '../../../values/decimal.ts';
import { uuidv5 } from '../../../values/ids.ts';
import { isRefused, zoneProblem } from '../../checks.ts';
import { accept, type Decision, type DecisionContext, type Refused, refuse } from '../../decider.ts';
import type { OrderCommand } from '../commands.ts';
import { lineHold } from '../holds.ts';
import { headroom, toShip } from '../ledger.ts';
import { type Part, partsTotal, withShipped } from '../lines.ts';
import type { OrderLineState, OrderState } from '../state.ts';
import { earliestFirst } from './cancel.ts';
import { exceeds, quantityOf } from './checks.ts';
import { touchedLines } from './touched.ts';

type Body = Extract<OrderCommand, { kind: 'ship' }>['body'];
type Entry = Body['lines'][number];
type ShippedLine = Extract<OrderFact, { type: 'LinesShipped' }>['data']['lines'][number];

const mostShipments = 2_000;

/** Records that quantities of lines left in one shipment. */
export function ship(state: OrderState, body: Body, context: DecisionContext): Decision<OrderFact> {
  const { orderNo } = state;
  const { shipmentId = uuidv5(context.commandId, 'shipment'), lines: entries, ...carriage } = body;
  if (state.shipments.some((shipment) => shipment.shipmentId === shipmentId))
    return refuse('shipment-exists', `Shipment ${shipmentId} of order ${orderNo} was recorded before`, '/shipmentId');
  if (state.shipments.length >= mostShipments)
    return refuse('too-many-shipments', `Order ${orderNo} has ${mostShipments} shipments`);
  const problem = body.zone === undefined ? undefined : zoneProblem(body.zone, '/zone');
  if (problem) return problem;
  const lines = shippedLines(state, entries, context.occurredAt);
  if (isRefused(lines)) return lines;
  return accept({ type: 'LinesShipped', data: { orderNo, shipmentId, ...carriage, lines } });
}

interface Loaded {
  readonly qty: Decimal;
  readonly parts: readonly Part[];
}

/** A line may be named several times, each time with another of its schedule lines: it is recorded once. */
function shippedLines(state: OrderState, entries: readonly Entry[], at: string): ShippedLine[] | Refused {
  const touched = touchedLines(state);
  const seen = new Set<string>();
  const loaded = new Map<number, Loaded & { readonly uom: string }>();
  for (const [index, entry] of entries.entries()) {
    const place = `/lines/${index}`;
    const line = touched.line(entry.lineNo, `${place}/lineNo`);
    if (isRefused(line)) return line;
    const { lineNo, uom } = line;
    const target = `${lineNo}/${entry.scheduleId ?? ''}`;
    if (seen.has(target)) return refuse('duplicate-target', `Line ${lineNo} is named twice`, `${place}/lineNo`);
    seen.add(target);
    const hold = lineHold(state, lineNo, 'ship', at);
    if (hold)
      return refuse('line-on-hold', `The ${hold.holdType} hold ${hold.holdId} is on line ${lineNo}`, `${place}/lineNo`);
    const load = entry.scheduleId === undefined ? ofLine(state, line, entry, place) : ofPromise(line, entry, place);
    if (isRefused(load)) return load;
    touched.set(withShipped(line, load.qty, load.parts));
    loaded.set(lineNo, { ...together(loaded.get(lineNo), load), uom });
  }
  return [...loaded].map(([lineNo, { qty, parts, uom }]) => recorded(lineNo, uom, qty, parts));
}

/** Counted against the promises due first; only what exceeds them all has no promise. */
function ofLine(state: OrderState, line: OrderLineState, entry: Entry, place: string): Loaded | Refused {
  const { lineNo, uom, ledger } = line;
  const limit = headroom(ledger, 'ship', state.tolerances);
  const qty = entry.qty ? quantityOf(entry.qty, uom, `${place}/qty`) : toShip(ledger);
  if (isRefused(qty)) return qty;
  if (isZero(qty)) return refuse('nothing-to-ship', `Everything of line ${lineNo} has left or was cancelled`, place);
  if (exceeds(qty, limit))
    return refuse(
      'quantity-exceeds-open',
      `Only ${limit} ${uom} of line ${lineNo} may leave, not ${qty}`,
      `${place}/qty`,
    );
  let rest: Decimal = qty;
  const parts: Part[] = [];
  for (const scheduleLine of [...line.scheduleLines].sort(earliestFirst)) {
    if (isZero(rest)) break;
    const part = min(rest, subtract(scheduleLine.qty, scheduleLine.shipped));
    if (isZero(part)) continue;
    parts.push({ scheduleId: scheduleLine.scheduleId, qty: part });
    rest = subtract(rest, part);
  }
  return { qty, parts };
}

function ofPromise(line: OrderLineState, { scheduleId, ...entry }: Entry, place: string): Loaded | Refused {
  const scheduleLine = line.scheduleLines.find((candidate) => candidate.scheduleId === scheduleId);
  if (scheduleId === undefined || !scheduleLine)
    return refuse(
      'schedule-line-unknown',
      `Line ${line.lineNo} has no schedule line ${scheduleId}`,
      `${place}/scheduleId`,
    );
  const limit = subtract(scheduleLine.qty, scheduleLine.shipped);
  const qty = entry.qty ? quantityOf(entry.qty, line.uom, `${place}/qty`) : limit;
  if (isRefused(qty)) return qty;
  if (isZero(qty)) return refuse('nothing-to-ship', `Everything of schedule line ${scheduleId} has left`, place);
  if (exceeds(qty, limit))
    return refuse(
      'quantity-exceeds-promise',
      `Only ${limit} ${line.uom} of schedule line ${scheduleId} are still to leave, not ${qty}`,
      `${place}/qty`,
    );
  return { qty, parts: [{ scheduleId, qty }] };
}

function together(a: Loaded | undefined, b: Loaded): Loaded {
  if (!a) return b;
  const parts = new Map(a.parts.map((part) => [part.scheduleId, part.qty]));
  for (const { scheduleId, qty } of b.parts) parts.set(scheduleId, add(parts.get(scheduleId) ?? '0', qty));
  return { qty: add(a.qty, b.qty), parts: [...parts].map(([scheduleId, qty]) => ({ scheduleId, qty })) };
}

function recorded(lineNo: number, uom: string, qty: Decimal, parts: readonly Part[]): ShippedLine {
  const unpromised = subtract(qty, partsTotal(parts));
  return {
    lineNo,
    qty: { value: qty, uom },
    scheduleLines: parts.map((part) => ({ scheduleId: part.scheduleId, qty: { value: part.qty, uom } })),
    ...(isPositive(unpromised) && { unpromised: { value: unpromised, uom } }),
  };
}
