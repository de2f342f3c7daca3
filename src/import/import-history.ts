import { concurrently } from '../commands/concurrently.ts';
import type { CommandHandler } from '../commands/handle.ts';
import type { EventLog } from '../events/log/port.ts';
import { columnsOf } from './cells/columns.ts';
import { fileSha256 } from './csv/text.ts';
import { customerRegister } from './customers.ts';
import { ImportFailure } from './failure.ts';
import { countRows, type OrderRows, ordersOf } from './history/grouping.ts';
import { customerCommandId } from './history/identity.ts';
import { orderOf } from './history/order.ts';
import { plan } from './history/plan.ts';
import type { Mapping } from './mapping/schema.ts';
import { type ImportProgress, stopwatch } from './progress.ts';
import { rehearsal } from './rehearsal.ts';
import { openRejectsFile, type Reject } from './rejects.ts';
import { type HistoryRow, rowReader } from './rows/history-row.ts';
import { openRows } from './rows/row-source.ts';
import { type ImportSummary, type Tally, tally } from './summary.ts';
import { metaOf, tellOrder } from './tell-order.ts';

export interface ImportDependencies {
  readonly handler: CommandHandler;
  readonly log: Pick<EventLog, 'readStream'>;
  /** The current instant, RFC 3339 in UTC. */
  readonly clock: () => string;
}

export interface ImportRequest {
  readonly mapping: Mapping;
  readonly files: readonly string[];
  /** Decides everything and records nothing. */
  readonly dryRun?: boolean;
  /** Where rejects are written, as CSV. */
  readonly rejectsFile?: string;
  /** Orders under way at the same time; 64 if left out. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}

const usualConcurrency = 64;
const mostRowsHeld = 500_000;

/**
 * Imports order history. What is recorded already is not recorded again, so an import that was stopped or killed goes on
 * where it ended, and the same files a second time add nothing. Rows and orders that cannot be imported are rejects in
 * the summary. Throws ImportFailure when mapping and files do not fit each other, and whatever the log throws.
 */
export async function importHistory(deps: ImportDependencies, request: ImportRequest): Promise<ImportSummary> {
  const { mapping, files, dryRun = false, signal } = request;
  const watch = stopwatch();
  const source = await openRows(mapping, files);
  const columns = columnsOf(source.sources);
  const reader = rowReader(mapping, { columns, nulls: mapping.nulls ?? [] });
  const [problem, ...problems] = columns.problems;
  if (problem) throw new ImportFailure([problem, ...problems]);
  const sha256 = new Map(await Promise.all(files.map(async (file) => [file, await fileSha256(file)] as const)));
  const rejectsFile = request.rejectsFile === undefined ? undefined : await openRejectsFile(request.rejectsFile);
  const counted = await countRows(source, reader);
  const totals = tally((reject) => rejectsFile?.write(reject));
  totals.counts.rows = counted.total;

  const handler = dryRun ? rehearsal(deps.handler, deps.clock()) : deps.handler;
  const orders = ordersOf(source, reader, counted, {
    onBadRow: mapping.onBadRow ?? 'reject-row',
    reject: totals.rejectRow,
    mostHeld: mostRowsHeld,
  });
  const tell = orderTeller({ mapping, handler, log: deps.log, sha256, totals, ...(signal ? { signal } : {}) });
  let rowsDone = 0;
  try {
    await concurrently(
      orders,
      request.concurrency ?? usualConcurrency,
      async (order) => {
        await tell(order);
        rowsDone += order.rowsRead;
        const { orders, counts } = totals;
        const done = watch.progress(rowsDone, counted.total);
        request.onProgress?.({
          ...done,
          orders: orders.read,
          events: counts.eventsAppended,
          rejected: counts.rowsRejected,
        });
      },
      signal,
    );
  } finally {
    await rejectsFile?.close();
  }
  return {
    name: mapping.name,
    dryRun,
    interrupted: signal?.aborted ?? false,
    files: files.map((file) => ({ file, sha256: sha256.get(file) ?? '' })),
    ...totals.facts(),
    seconds: Math.round(watch.elapsed() * 1000) / 1000,
  };
}

interface TellerInput {
  readonly mapping: Mapping;
  readonly handler: CommandHandler;
  readonly log: ImportDependencies['log'];
  readonly sha256: ReadonlyMap<string, string>;
  readonly totals: Tally;
  readonly signal?: AbortSignal;
}

/** Registers the customer, plans the commands of the order, and tells them. */
function orderTeller(input: TellerInput): (order: OrderRows) => Promise<void> {
  const { mapping, handler, sha256, totals } = input;
  const customerFor = customerRegister(handler, mapping);
  return async ({ key, rows }) => {
    const order = orderOf(key, rows, mapping);
    totals.orders.read += 1;
    for (const warning of order.warnings) totals.warn(warning);
    const [row] = rows;
    const numbered = orderNumber(key, rows);
    if (!row || order.placedAt === undefined || numbered === undefined) {
      totals.rejectOrder(row === undefined || numbered === undefined ? tooLong(row, key) : undated(row, key));
      return;
    }
    const { placedAt } = order;
    const meta = metaOf({ occurredAt: placedAt, row }, customerCommandId(mapping.name, row.customer.id), sha256);
    const registration = await customerFor(row, meta);
    if (!registration.ok) {
      const { code, reason } = registration;
      totals.rejectOrder({ file: row.file, line: row.line, code, reason: `customer ${row.customer.id}: ${reason}` });
      return;
    }
    totals.counts.customersAdded += registration.added;
    totals.counts.eventsAppended += registration.added;
    const commands = plan(order, mapping, placedAt);
    const placement = { orderNo: numbered, customer: registration.customer };
    const told = await tellOrder({ importName: mapping.name, key, commands, placement }, input);
    totals.counts.eventsAppended += told.eventsAppended;
    if (told.rejects[0]) totals.rejectOrder(told.rejects[0]);
    else if (told.added) totals.orders.added += 1;
    else totals.orders.known += 1;
  };
}

const longestNumber = 24;

/** An imported order keeps the number that people know it by: the one of the file, else its key. */
function orderNumber(key: string, rows: readonly HistoryRow[]): string | undefined {
  const number = rows.find(({ order }) => order.number !== null)?.order.number ?? key;
  return number.length <= longestNumber ? number : undefined;
}

const undated = ({ file, line }: HistoryRow, key: string): Reject => ({
  file,
  line,
  code: 'no-date',
  reason: `order ${key} has no date at all`,
});

const tooLong = (row: HistoryRow | undefined, key: string): Reject => ({
  file: row?.file ?? '',
  line: row?.line ?? 0,
  code: 'not-an-order-number',
  reason: `the key ${key} is longer than ${longestNumber} characters; map /order/number`,
});
