/** What the environment may change about a run. `BENCH_QUICK=1` is for trying the scripts: its figures mean little. */
export const quick = process.env.BENCH_QUICK === '1';

const count = (variable: string, usual: number): number => {
  const given = process.env[variable];
  if (given === undefined || given === '') return usual;
  const value = Number(given);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${variable}: expected a whole number above 0`);
  return value;
};

/** How often each variant is measured; the variants take turns. */
export const repetitions = count('BENCH_REPETITIONS', quick ? 1 : 3);
/** Length of one measurement where time decides, in milliseconds. */
export const sliceMs = count('BENCH_SLICE_MS', quick ? 500 : 1_500);
/** Events that are projected by `project`, on each database. */
export const projectedEvents = count('BENCH_PROJECT_EVENTS', quick ? 10_000 : 60_000);
/** Orders under way at the same time in the log that is projected. */
export const activeOrders = count('BENCH_ACTIVE', 100);
/** Events that are projected by `memory`. */
export const memoryEvents = count('BENCH_EVENTS', quick ? 20_000 : 200_000);
/** Orders among which `read` looks up. */
export const readableOrders = count('BENCH_ORDERS', quick ? 500 : 10_000);
/** Orders over which `kpi` asks. */
export const kpiOrders = count('BENCH_KPI_ORDERS', quick ? 20_000 : 1_000_000);
/** Rows of the table that `export` sends. */
export const exportedRows = count('BENCH_EXPORT_ROWS', quick ? 500_000 : 10_000_000);
/** Events that are written into the journal by `journal`, on each database. */
export const journalEvents = count('BENCH_JOURNAL_EVENTS', quick ? 10_000 : 200_000);
/** Orders among which `history` asks for the longest one. */
export const historyOrders = count('BENCH_HISTORY_ORDERS', quick ? 500 : 10_000);
