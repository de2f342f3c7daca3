import { compare } from '../../values/dates.ts';
import { isPositive, sum } from '../../values/decimal.ts';
import type { Mapping } from '../mapping/schema.ts';
import type { HistoryRow } from '../rows/history-row.ts';
import type { RowPromise } from '../rows/row-facts.ts';
import { type HistoryLine, type HistoryOrder, unitOf, zoneOf } from './order.ts';
import { grouped, inThousands, type PlannedCommand, recorded, timeNotKnown } from './planned-command.ts';
import { moved, shares } from './quantities.ts';

/** Rows of one line that were first promised for the same day: they become one schedule line. */
export interface Schedule {
  readonly line: HistoryLine;
  /** Of a line with one schedule line it is left out: the whole line is meant. */
  readonly scheduleId: string | undefined;
  readonly quantity: string;
  readonly rows: readonly [HistoryRow, ...HistoryRow[]];
}

/** The schedule lines of a line, by day: the promise of the line creates them in this order. */
export function schedulesOf(line: HistoryLine, per: 'line' | 'row'): Schedule[] {
  const share = shares(line.rows, per);
  const promised = line.rows
    .map((row, index) => ({ row, quantity: share[index] ?? '0' }))
    .filter(({ row, quantity }) => row.promises.length > 0 && isPositive(quantity));
  const firstPromise = ({ row }: { readonly row: HistoryRow }) =>
    `${row.promises[0]?.deliverOn} ${row.promises[0]?.shipOn}`;
  const groups = grouped(promised, firstPromise).sort((a, b) => compare(firstPromise(a[0]), firstPromise(b[0])));
  return groups.map((group, index): Schedule => {
    const [{ row }, ...others] = group;
    return {
      line,
      scheduleId: groups.length === 1 ? undefined : `${line.lineNo}.${index + 1}`,
      quantity: sum(group.map(({ quantity }) => quantity)),
      rows: [row, ...others.map((other) => other.row)],
    };
  });
}

/** The schedule line that a row was shipped against, where the quantities say so without doubt. */
export function scheduleOfRow(line: HistoryLine, per: 'line' | 'row'): (row: HistoryRow) => string | undefined {
  const schedules = schedulesOf(line, per);
  const fits = schedules.every(
    ({ rows, quantity }) => Number(sum(rows.map((row) => moved(row).shipped))) <= Number(quantity),
  );
  return (row) => (fits ? schedules.find(({ rows }) => rows.includes(row))?.scheduleId : undefined);
}

/** First promises, then their revisions in the order of the mapping; what was promised together is one command. */
export function plannedPromises(order: HistoryOrder, mapping: Mapping, placedAt: string): PlannedCommand[] {
  const per = mapping.line.quantityPer ?? 'line';
  const zone = zoneOf(order, mapping);
  const schedules = order.lines.flatMap((line) => schedulesOf(line, per));
  const steps = schedules.flatMap((schedule) => stepsOf(schedule));
  const together = grouped(
    steps.sort((a, b) => a.index - b.index),
    ({ index, promise }) =>
      JSON.stringify([index > 0 && [index, promise.initiator, promise.customerAgreed], promise.promisedAt]),
  );
  return together.flatMap((group) =>
    inThousands(group).map((part): PlannedCommand => {
      const [{ index, promise, schedule }] = group;
      const lines = part.map((step) => ({
        lineNo: step.schedule.line.lineNo,
        promise: {
          deliverOn: step.promise.deliverOn,
          zone,
          ...(step.promise.shipOn === null ? {} : { shipOn: step.promise.shipOn }),
        },
        schedule: step.schedule,
      }));
      const made = promise.promisedAt;
      const times = {
        occurredAt: made?.at ?? placedAt,
        ...recorded(made?.recordedAt),
        ...(made ? {} : { reason: timeNotKnown }),
        row: schedule.rows[0],
      };
      return index === 0
        ? { kind: 'promise', body: { commit: lines.map(asCommit) }, ...times }
        : {
            kind: 'promise',
            body: {
              initiator: promise.initiator,
              customerAgreed: promise.customerAgreed,
              revise: lines.map(asRevision),
            },
            ...times,
          };
    }),
  );
}

interface Step {
  readonly schedule: Schedule;
  /** 0 is the first promise. */
  readonly index: number;
  readonly promise: RowPromise;
}

/** A promise that repeats the date before it changes nothing and is left out. */
function stepsOf(schedule: Schedule): Step[] {
  const { promises } = schedule.rows[0];
  return promises
    .map((promise, index): Step => ({ schedule, index, promise }))
    .filter(({ index, promise }) => {
      const before = promises[index - 1];
      return before?.deliverOn !== promise.deliverOn || before.shipOn !== promise.shipOn;
    });
}

type Entry = {
  readonly lineNo: number;
  readonly promise: { deliverOn: string; zone: string; shipOn?: string };
  readonly schedule: Schedule;
};

const asCommit = ({ lineNo, promise, schedule }: Entry) => ({
  lineNo,
  ...(schedule.scheduleId === undefined && schedule.quantity === schedule.line.ordered
    ? {}
    : { qty: { value: schedule.quantity, uom: unitOf(schedule.line) } }),
  promise,
});

const asRevision = ({ lineNo, promise, schedule: { scheduleId } }: Entry) => ({
  lineNo,
  ...(scheduleId === undefined ? {} : { scheduleId }),
  promise,
});
