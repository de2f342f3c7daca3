import type { OrderFact } from '../../../events/catalog/index.ts';
import { add, type Decimal, isZero, subtract } from '../../../values/decimal.ts';
import { dateProblem, isRefused } from '../../checks.ts';
import { accept, type Decision, type DecisionContext, type Refused, refuse } from '../../decider.ts';
import type { OrderCommand } from '../commands.ts';
import { lineHold } from '../holds.ts';
import { open } from '../ledger.ts';
import type { OrderLineState, OrderState } from '../state.ts';
import { cancelled, quantitiesCancelled } from './cancel.ts';
import { exceeds, namedLine, quantityOf } from './checks.ts';
import { linesAdded, newLines } from './place.ts';

type Body = Extract<OrderCommand, { kind: 'change-lines' }>['body'];
type Change = NonNullable<Body['change']>[number];
type ChangedLine = Extract<OrderFact, { type: 'OrderLinesChanged' }>['data']['lines'][number];

/** Quantities are recorded with at most 15 digits before the point; so must be all that was ever ordered of a line. */
const mostOrdered = '999999999999999';

/** Adds lines, moves requested dates, and raises or lowers quantities; what is lowered is cancelled. */
export function changeLines(state: OrderState, body: Body, context: DecisionContext): Decision<OrderFact> {
  const { orderNo, currency } = state;
  const { initiator = 'customer', add: requested = [], change = [] } = body;
  if (requested.length + change.length === 0) return refuse('nothing-asked', 'Name lines to add or to change');
  const taken = state.lines.map((line) => line.lineNo);
  const added = newLines(requested, { currency, taken, place: '/add', context });
  if (isRefused(added)) return added;
  const changed: ChangedLine[] = [];
  const lowered: ReturnType<typeof cancelled>[] = [];
  const seen = new Set<number>();
  for (const [index, entry] of change.entries()) {
    const place = `/change/${index}`;
    const line = changeableLine(state, entry, seen, place, context.occurredAt);
    if (isRefused(line)) return line;
    const effect = effectOf(line, entry, place);
    if (isRefused(effect)) return effect;
    if (effect.changed) changed.push(effect.changed);
    if (effect.lowered) lowered.push(cancelled(line, effect.lowered));
  }
  return accept(
    ...linesAdded(orderNo, added),
    ...(changed.length > 0
      ? [{ type: 'OrderLinesChanged' as const, data: { orderNo, initiator, lines: changed } }]
      : []),
    ...quantitiesCancelled(orderNo, initiator, lowered),
  );
}

function changeableLine(
  state: OrderState,
  { lineNo }: Change,
  seen: Set<number>,
  place: string,
  at: string,
): OrderLineState | Refused {
  if (seen.has(lineNo)) return refuse('duplicate-target', `Line ${lineNo} is named twice`, `${place}/lineNo`);
  seen.add(lineNo);
  const hold = lineHold(state, lineNo, 'change-lines', at);
  if (hold)
    return refuse('line-on-hold', `The ${hold.holdType} hold ${hold.holdId} is on line ${lineNo}`, `${place}/lineNo`);
  return namedLine(state, lineNo, `${place}/lineNo`);
}

interface Effect {
  readonly changed?: ChangedLine;
  /** Quantity to cancel. */
  readonly lowered?: Decimal;
}

/** Nothing, if the line already is as asked. */
function effectOf(line: OrderLineState, entry: Change, place: string): Effect | Refused {
  const { lineNo, uom, ledger } = line;
  const qty = entry.qty ? quantityOf(entry.qty, uom, `${place}/qty`) : open(ledger);
  if (isRefused(qty)) return qty;
  const problem = entry.requestedDate && dateProblem(entry.requestedDate, `${place}/requestedDate`);
  if (problem) return problem;
  const now = open(ledger);
  if (exceeds(now, qty) && exceeds(ledger.shipped, qty))
    return refuse(
      'quantity-below-shipped',
      `${ledger.shipped} ${uom} of line ${lineNo} have left already`,
      `${place}/qty`,
    );
  const difference = subtract(qty, now);
  const moved = entry.requestedDate !== undefined && entry.requestedDate !== line.requestedDate;
  const raised = exceeds(qty, now);
  if (raised && exceeds(add(ledger.ordered, difference), mostOrdered))
    return refuse('quantity-too-large', `Line ${lineNo} would exceed ${mostOrdered} ${uom}`, `${place}/qty`);
  return {
    ...((moved || raised) && {
      changed: {
        lineNo,
        ...(raised && { added: { value: difference, uom } }),
        ...(moved && { requestedDate: entry.requestedDate }),
      },
    }),
    ...(!raised && !isZero(difference) && { lowered: subtract(now, qty) }),
  };
}
