import type { EventLog } from '../events/log/port.ts';
import { type Difference, differenceOf } from './difference/difference.ts';
import { type Explanation, explainField } from './explain/explain.ts';
import { explainKpi, type KpiExplanation, type KpiQuestion, type TraceKpi } from './explain/kpi.ts';
import { exploreLog, type LogPage, type LogQuestion } from './history/explorer.ts';
import { readAll, type Ties } from './history/gather.ts';
import { type History, type HistoryQuestion, historyOf } from './history/history.ts';
import type { Moment } from './moment.ts';
import { orderAt, orderFrom, orderStream, type PastOrder } from './past/orders.ts';
import { openPast, type PastRow, rowKeyOf } from './past/past.ts';
import type { Readable, ReadModel } from './past/read-model.ts';
import type { Archive } from './past/sources.ts';

/**
 * What happened, what was known, and why things are as they are. Reads the log and what is derived from it, changes nothing.
 * Throws InvalidValue: `malformed-cursor`, `unknown-read-model`, `invalid-key`, `unknown-field`, and what analytics throws.
 */
export interface Audit {
  /** Every event of an order and of what is tied to it. No `ownEvents`: there is no such order. */
  history(orderId: string, question: HistoryQuestion): Promise<History>;
  /** Undefined when it was not there yet. */
  orderAt(orderId: string, moment: Moment): Promise<PastOrder | undefined>;
  /** Undefined when there is no such order at all. */
  difference(orderId: string, from: Moment, to: Moment): Promise<Difference | undefined>;
  /** Which events made what an order adds to a KPI. Undefined when there is no such order. */
  explainKpi(orderId: string, question: KpiQuestion, moment?: Moment): Promise<KpiExplanation | undefined>;
  readonly readModels: ReadonlyMap<string, Readable>;
  /** A row of a read model as it was. `key`: the values of its key columns with commas between. */
  rowAt(readModel: string, key: string, moment: Moment): Promise<PastRow>;
  /** Which events made a field of a row. */
  explainField(readModel: string, key: string, field: string, moment: Moment): Promise<Explanation>;
  explore(question: LogQuestion): Promise<LogPage>;
}

export interface AuditOptions {
  readonly log: Pick<EventLog, 'readStream' | 'head'>;
  readonly archive: Archive;
  readonly ties: Ties;
  readonly models: readonly ReadModel[];
  readonly traceKpi: TraceKpi;
}

export function openAudit({ log, archive, ties, models, traceKpi }: AuditOptions): Audit {
  const past = openPast({ log, archive, models });
  const keyIn = (readModel: string, key: string) => rowKeyOf(past.tableNamed(readModel), key);
  return {
    history: (orderId, question) => historyOf({ log, ties }, orderStream(orderId), question),
    orderAt: (orderId, moment) => orderAt(log, orderId, moment),
    async difference(orderId, from, to) {
      const events = await readAll(log, orderStream(orderId));
      return events.length === 0 ? undefined : differenceOf(events, from, to);
    },
    async explainKpi(orderId, question, moment = {}) {
      const order = await orderFrom(await readAll(log, orderStream(orderId)), moment);
      return order && explainKpi(traceKpi, order.events, question);
    },
    readModels: past.tables,
    rowAt: async (readModel, key, moment) => past.rowAt(readModel, keyIn(readModel, key), moment),
    explainField: async (readModel, key, field, moment) =>
      explainField(past, { readModel, key: keyIn(readModel, key), field, moment }),
    explore: (question) => exploreLog({ log, archive }, question),
  };
}
