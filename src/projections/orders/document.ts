import { allowedCommands } from '../../commands/order/allowed.ts';
import { openLedger } from '../../commands/order/ledger.ts';
import type { OrderLineState, OrderState, Promised, ScheduleLineState } from '../../commands/order/state.ts';
import { displayStatus, lineStatus } from '../../commands/order/status.ts';
import type { Revision } from '../../events/envelope.ts';

/** An order as it is shown to everybody, whether it comes from the read model or is folded again from its events. */
export function orderDocument(state: OrderState, revision: Revision) {
  const { lines, ...rest } = state;
  return {
    ...rest,
    version: revision,
    status: displayStatus(state),
    lines: lines.map((line) => lineDocument(line, state.tolerances)),
    allowedCommands: allowedCommands(state),
  };
}

export type OrderDocument = ReturnType<typeof orderDocument>;

function lineDocument(state: OrderLineState, tolerances: OrderState['tolerances']) {
  const { ledger, scheduleLines, ...line } = state;
  return {
    ...line,
    status: lineStatus(state, tolerances),
    quantities: quantities(ledger),
    scheduleLines: scheduleLines.map(scheduleDocument),
  };
}

/** Buckets of the ledger that hold nothing are left out, but for the three that everybody looks for. */
function quantities(ledger: OrderLineState['ledger']): Record<string, string> {
  const shown: Record<string, string> = {
    ordered: ledger.ordered,
    shipped: ledger.shipped,
    delivered: ledger.delivered,
  };
  for (const bucket of Object.keys(ledger) as (keyof typeof ledger)[]) {
    if (ledger[bucket] !== '0') shown[bucket] = ledger[bucket];
  }
  return shown;
}

/** `promise` is the current one; first promise and commit date are left out where they are the same. */
function scheduleDocument({ firstPromise, commitPromise, currentPromise, ...rest }: ScheduleLineState) {
  return {
    ...rest,
    promise: currentPromise,
    ...(same(commitPromise, currentPromise) ? {} : { commitPromise }),
    ...(same(firstPromise, currentPromise) ? {} : { firstPromise }),
  };
}

/** By value: a document that was stored and loaded again must be shown as before. */
const same = (a: Promised, b: Promised): boolean =>
  a === b || (a.deliverOn === b.deliverOn && a.zone === b.zone && a.shipOn === b.shipOn);

/** The order that a document shows: the document leaves out only what can be put back. */
export function restoreOrder({
  version: _v,
  status: _s,
  allowedCommands: _a,
  lines,
  ...rest
}: OrderDocument): OrderState {
  return { ...rest, lines: lines.map(restoreLine) };
}

function restoreLine({
  status: _,
  quantities,
  scheduleLines,
  ...line
}: ReturnType<typeof lineDocument>): OrderLineState {
  return {
    ...line,
    ledger: { ...openLedger('0'), ...quantities },
    scheduleLines: scheduleLines.map(({ promise, commitPromise, firstPromise, ...rest }) => ({
      ...rest,
      firstPromise: firstPromise ?? promise,
      currentPromise: promise,
      commitPromise: commitPromise ?? promise,
    })),
  };
}
