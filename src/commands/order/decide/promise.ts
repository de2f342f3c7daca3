import type { OrderFact } from '../../../events/catalog/index.ts';
import { canonicalJson } from '../../../values/canonical-json.ts';
import { compare, isZero } from '../../../values/decimal.ts';
import { isRefused } from '../../checks.ts';
import { accept, type Decision, type Refused, refuse } from '../../decider.ts';
import type { OrderCommand } from '../commands.ts';
import { lineHold } from '../holds.ts';
import { unpromised } from '../ledger.ts';
import { withPromised } from '../lines.ts';
import type { OrderLineState, OrderState, Promised, ScheduleLineState } from '../state.ts';
import { exceeds, promiseProblem, quantityOf } from './checks.ts';
import { touchedLines } from './touched.ts';

type Body = Extract<OrderCommand, { kind: 'promise' }>['body'];
type Commit = NonNullable<Body['commit']>[number];
type Revise = NonNullable<Body['revise']>[number];
type CommittedLine = Extract<OrderFact, { type: 'PromiseCommitted' }>['data']['lines'][number];
type Revision = Extract<OrderFact, { type: 'PromiseRevised' }>['data']['scheduleLines'][number];

const mostScheduleLines = 1_000;

/** Promises dates for quantities that have none, and moves existing promises. A promise that says the same already is left alone. */
export function promise(state: OrderState, body: Body, at: string): Decision<OrderFact> {
  const { orderNo } = state;
  const { initiator = 'supplier', customerAgreed = false, commit = [], revise = [] } = body;
  if (commit.length + revise.length === 0)
    return refuse('nothing-asked', 'Name quantities to promise or promises to revise');
  const committed = commitments(state, commit, at);
  if (isRefused(committed)) return committed;
  const revised = revisions(state, revise, at);
  if (isRefused(revised)) return revised;
  return accept<OrderFact>(
    ...(committed.length > 0 ? [{ type: 'PromiseCommitted' as const, data: { orderNo, lines: committed } }] : []),
    ...inPieces(revised).map((scheduleLines) => ({
      type: 'PromiseRevised' as const,
      data: { orderNo, initiator, customerAgreed, scheduleLines },
    })),
  );
}

function commitments(state: OrderState, commit: readonly Commit[], at: string): CommittedLine[] | Refused {
  const touched = touchedLines(state);
  const committed = new Map<number, CommittedLine['scheduleLines']>();
  for (const [index, entry] of commit.entries()) {
    const place = `/commit/${index}`;
    const line = touched.line(entry.lineNo, `${place}/lineNo`);
    if (isRefused(line)) return line;
    const scheduleLine = commitment(line, entry, place);
    const problem = holdProblem(state, entry.lineNo, at, place);
    if (problem) return problem;
    if (isRefused(scheduleLine)) return scheduleLine;
    touched.set(withPromised(line, [scheduleLine]));
    const { scheduleId, qty, promise } = scheduleLine;
    const soFar = committed.get(entry.lineNo) ?? [];
    committed.set(entry.lineNo, [...soFar, { scheduleId, qty: { value: qty, uom: line.uom }, promise }]);
  }
  return [...committed].map(([lineNo, scheduleLines]) => ({ lineNo, scheduleLines }));
}

function commitment(line: OrderLineState, entry: Commit, place: string) {
  const { lineNo, uom, scheduleLines } = line;
  const limit = unpromised(line.ledger);
  const qty = entry.qty ? quantityOf(entry.qty, uom, `${place}/qty`) : limit;
  if (isRefused(qty)) return qty;
  if (isZero(limit))
    return refuse('nothing-to-promise', `All of line ${lineNo} has a promise, was shipped or was cancelled`, place);
  if (exceeds(qty, limit))
    return refuse(
      'quantity-exceeds-unpromised',
      `Only ${limit} ${uom} of line ${lineNo} have no promise, not ${qty}`,
      `${place}/qty`,
    );
  if (scheduleLines.length >= mostScheduleLines)
    return refuse('too-many-schedule-lines', `Line ${lineNo} has ${mostScheduleLines} schedule lines`, place);
  const scheduleId = `${lineNo}.${scheduleLines.length + 1}`;
  return promiseProblem(entry.promise, `${place}/promise`) ?? { scheduleId, qty, promise: entry.promise };
}

function revisions(state: OrderState, revise: readonly Revise[], at: string): Revision[] | Refused {
  const touched = touchedLines(state);
  const seen = new Set<string>();
  const revised: Revision[] = [];
  for (const [index, entry] of revise.entries()) {
    const place = `/revise/${index}`;
    const line = touched.line(entry.lineNo, `${place}/lineNo`);
    if (isRefused(line)) return line;
    const problem = holdProblem(state, entry.lineNo, at, place) ?? promiseProblem(entry.promise, `${place}/promise`);
    if (problem) return problem;
    const targets = targetsOf(line, entry, place);
    if (isRefused(targets)) return targets;
    for (const { scheduleId, currentPromise } of targets) {
      if (seen.has(scheduleId)) return refuse('duplicate-target', `Schedule line ${scheduleId} is named twice`, place);
      seen.add(scheduleId);
      if (samePromise(currentPromise, entry.promise)) continue;
      revised.push({ lineNo: line.lineNo, scheduleId, from: currentPromise, to: entry.promise });
    }
  }
  return revised;
}

/** The schedule line that is named, or all of the line that are still to be delivered. */
function targetsOf(line: OrderLineState, entry: Revise, place: string): readonly ScheduleLineState[] | Refused {
  const { lineNo, scheduleLines } = line;
  if (entry.scheduleId === undefined) {
    const open = scheduleLines.filter(isToDeliver);
    return open.length > 0
      ? open
      : refuse('schedule-line-unknown', `Line ${lineNo} has no promise that is still to be kept`, `${place}/lineNo`);
  }
  const named = scheduleLines.find((scheduleLine) => scheduleLine.scheduleId === entry.scheduleId);
  if (!named)
    return refuse(
      'schedule-line-unknown',
      `Line ${lineNo} has no schedule line ${entry.scheduleId}`,
      `${place}/scheduleId`,
    );
  return isToDeliver(named)
    ? [named]
    : refuse('schedule-line-finished', `Schedule line ${entry.scheduleId} was delivered or cancelled`, place);
}

export const isToDeliver = ({ qty, delivered }: ScheduleLineState): boolean => compare(qty, delivered) > 0;

const samePromise = (a: Promised, b: Promised): boolean => canonicalJson(a) === canonicalJson(b);

function holdProblem(state: OrderState, lineNo: number, at: string, place: string): Refused | undefined {
  const hold = lineHold(state, lineNo, 'promise', at);
  if (!hold) return undefined;
  return refuse('line-on-hold', `The ${hold.holdType} hold ${hold.holdId} is on line ${lineNo}`, `${place}/lineNo`);
}

const schedulesPerEvent = 1_000;

function inPieces(all: readonly Revision[]): Revision[][] {
  const pieces: Revision[][] = [];
  for (let from = 0; from < all.length; from += schedulesPerEvent)
    pieces.push(all.slice(from, from + schedulesPerEvent));
  return pieces;
}
