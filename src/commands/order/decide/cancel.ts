import type { OrderFact } from '../../../events/catalog/index.ts';
import { compare, type Decimal, isPositive, isZero, min, subtract } from '../../../values/decimal.ts';
import { isRefused } from '../../checks.ts';
import { accept, type Decision, refuse } from '../../decider.ts';
import type { OrderCommand } from '../commands.ts';
import { isFinished, toShip, unpromised } from '../ledger.ts';
import { type Part, withCancelled } from '../lines.ts';
import type { OrderLineState, OrderState, ScheduleLineState } from '../state.ts';
import { exceeds, namedLine, quantityOf } from './checks.ts';

type Body<Kind extends OrderCommand['kind']> = Extract<OrderCommand, { kind: Kind }>['body'];
type CancelledLine = Extract<OrderFact, { type: 'QuantityCancelled' }>['data']['lines'][number];

/** Cancels a quantity of a line, or all of it that has not left. */
export function cancelLine(state: OrderState, body: Body<'cancel-line'>): Decision<OrderFact> {
  const { orderNo } = state;
  const { lineNo, initiator = 'customer' } = body;
  const line = namedLine(state, lineNo, '/lineNo');
  if (isRefused(line)) return line;
  const limit = toShip(line.ledger);
  const qty = body.qty ? quantityOf(body.qty, line.uom, '/qty') : limit;
  if (isRefused(qty)) return qty;
  if (isZero(limit)) return refuse('nothing-open', `Nothing of line ${lineNo} is open any more`, '/lineNo');
  if (exceeds(qty, limit))
    return refuse('quantity-exceeds-open', `Only ${limit} ${line.uom} of line ${lineNo} are open, not ${qty}`, '/qty');
  return accept({ type: 'QuantityCancelled', data: { orderNo, lineNo, initiator, lines: [cancelled(line, qty)] } });
}

/**
 * Cancels all that has not left. The order is cancelled if nothing ever left; otherwise it stays open until what is under
 * way has arrived, and is closed when all has.
 */
export function cancelOrder(state: OrderState, body: Body<'cancel'>): Decision<OrderFact> {
  const { orderNo } = state;
  const { initiator = 'customer' } = body;
  const lines = state.lines
    .filter((line) => isPositive(toShip(line.ledger)))
    .map((line) => cancelled(line, toShip(line.ledger)));
  const facts: OrderFact[] = quantitiesCancelled(orderNo, initiator, lines);
  if (state.shipments.length === 0) return accept(...facts, { type: 'OrderCancelled', data: { orderNo, initiator } });
  if (lines.length === 0) return refuse('nothing-open', `Everything of order ${orderNo} has left or was cancelled`);
  const byLine = new Map(lines.map((line) => [line.lineNo, line]));
  const finished = state.lines.every((line) =>
    isFinished(afterwards(line, byLine.get(line.lineNo)).ledger, state.tolerances),
  );
  return finished ? accept(...facts, { type: 'OrderClosed', data: { orderNo } }) : accept(...facts);
}

const linesPerEvent = 1_000;

export function quantitiesCancelled(
  orderNo: string,
  initiator: 'customer' | 'supplier',
  lines: readonly CancelledLine[],
): OrderFact[] {
  const facts: OrderFact[] = [];
  for (let from = 0; from < lines.length; from += linesPerEvent) {
    const some = lines.slice(from, from + linesPerEvent);
    facts.push({ type: 'QuantityCancelled', data: { orderNo, initiator, lines: some } });
  }
  return facts;
}

/** What is without a promise goes first, then the promises that are due last: the customer keeps the earliest dates. */
export function cancelled(line: OrderLineState, qty: Decimal): CancelledLine {
  const { lineNo, uom } = line;
  let rest = subtract(qty, min(qty, unpromised(line.ledger)));
  const released: Part[] = [];
  for (const scheduleLine of [...line.scheduleLines].sort(latestFirst)) {
    if (isZero(rest)) break;
    const part = min(rest, subtract(scheduleLine.qty, scheduleLine.shipped));
    if (isZero(part)) continue;
    released.push({ scheduleId: scheduleLine.scheduleId, qty: part });
    rest = subtract(rest, part);
  }
  return {
    lineNo,
    qty: { value: qty, uom },
    released: released.map((part) => ({ scheduleId: part.scheduleId, qty: { value: part.qty, uom } })),
  };
}

const afterwards = (line: OrderLineState, entry: CancelledLine | undefined): OrderLineState =>
  entry ? withCancelled(line, entry.qty.value, []) : line;

const latestFirst = (a: ScheduleLineState, b: ScheduleLineState): number => -earliestFirst(a, b);

/** By promised delivery date, then by running number. */
export function earliestFirst(a: ScheduleLineState, b: ScheduleLineState): number {
  const [first, second] = [a.currentPromise.deliverOn, b.currentPromise.deliverOn];
  return first === second ? compare(running(a), running(b)) : first < second ? -1 : 1;
}

const running = (scheduleLine: ScheduleLineState): string => scheduleLine.scheduleId.split('.')[1] ?? '0';
