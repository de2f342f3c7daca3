import { concurrently } from '../commands/concurrently.ts';
import type { CommandHandler } from '../commands/handle.ts';
import type { EventLog } from '../events/log/port.ts';
import { columnsOf } from './cells/columns.ts';
import { fileSha256 } from './csv/text.ts';
import { ImportFailure } from './failure.ts';
import { countRows, type OrderRows, ordersOf } from './history/grouping.ts';
import type { Mapping } from './mapping/schema.ts';
import { orderTeller } from './order-teller.ts';
import { type ImportProgress, stopwatch } from './progress.ts';
import { rehearsal } from './rehearsal.ts';
import { openRejectsFile } from './rejects.ts';
import { rowReader } from './rows/history-row.ts';
import { openRows } from './rows/row-source.ts';
import { type ImportSummary, tally } from './summary.ts';

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
  const { source, reader } = await openHistory(mapping, files);
  const sha256 = await digestsOf(files);
  const counted = await countRows(source, reader);
  const rejectsFile = request.rejectsFile === undefined ? undefined : await openRejectsFile(request.rejectsFile);
  const totals = tally((reject) => rejectsFile?.write(reject));
  totals.counts.rows = counted.total;
  for (const place of source.unused()) totals.warn({ code: 'joined-row-unused', ...place });
  const handler = dryRun ? rehearsal(deps.handler, deps.clock()) : deps.handler;
  const tell = orderTeller({ mapping, handler, log: deps.log, sha256, totals, ...(signal && { signal }) });
  const orders = ordersOf(source, reader, counted, {
    onBadRow: mapping.onBadRow ?? 'reject-row',
    reject: totals.rejectRow,
    warn: totals.warn,
    mostHeld: mostRowsHeld,
  });
  let rowsDone = 0;
  const tellAndReport = async (order: OrderRows): Promise<void> => {
    await tell(order);
    rowsDone += order.rowsRead;
    request.onProgress?.({ ...watch.progress(rowsDone, counted.total), ...totals.progress() });
  };
  try {
    await concurrently(orders, request.concurrency ?? usualConcurrency, tellAndReport, signal);
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

/** SHA-256 by path. Throws ImportFailure `file-repeated`: what a file tells twice in one import would be counted twice. */
async function digestsOf(files: readonly string[]): Promise<Map<string, string>> {
  const paths = new Map<string, string>();
  for (const file of files) {
    const digest = await fileSha256(file);
    const same = paths.get(digest);
    if (same !== undefined)
      throw new ImportFailure([{ code: 'file-repeated', file, message: `is the same file as ${same}; give it once` }]);
    paths.set(digest, file);
  }
  return new Map([...paths].map(([digest, file]) => [file, digest]));
}

/** Opens the files and binds the mapping to their columns. */
async function openHistory(mapping: Mapping, files: readonly string[]) {
  const source = await openRows(mapping, files);
  const columns = columnsOf(source.sources);
  const reader = rowReader(mapping, { columns, nulls: mapping.nulls ?? [] });
  const [problem, ...problems] = columns.problems;
  if (problem) throw new ImportFailure([problem, ...problems]);
  return { source, reader };
}
