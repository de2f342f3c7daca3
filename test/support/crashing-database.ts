import type { Database, Queryable } from '../../src/database/database.ts';

export class Crash extends Error {}

export type Moment = 'before' | 'after';

/** Which runs of each statement fail: on empty tables, and when there is something to lose. */
const strikesAt: Readonly<Record<Moment, readonly number[]>> = process.env.ORDERFOLD_SOAK
  ? { before: [1, 2, 4, 9], after: [1, 3, 5, 8] }
  : { before: [3], after: [2] };

/**
 * Fails at every await: at each statement, and at the commit. `after` a commit means that it has happened and the caller
 * does not learn of it.
 */
export function crashingDatabase(database: Database, moment: Moment) {
  const runs = new Map<string, number>();
  const crashes: string[] = [];

  const step = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const strike = (): void => {
      const run = (runs.get(what) ?? 0) + 1;
      runs.set(what, run);
      if (!strikesAt[moment].includes(run)) return;
      crashes.push(what);
      throw new Crash(`crash ${moment} ${what}`);
    };
    if (moment === 'before') strike();
    const result = await work();
    if (moment === 'after') strike();
    return result;
  };

  const watched = (queryable: Queryable): Queryable => ({
    query: (statement) => step(statement.name ?? statement.text.slice(0, 60), () => queryable.query(statement)),
  });

  const crashing: Database = {
    ...database,
    ...watched(database),
    async transaction(work) {
      if (moment === 'after') return step('commit', () => database.transaction((tx) => work(watched(tx))));
      return database.transaction(async (tx) => {
        const result = await work(watched(tx));
        return step('commit', async () => result);
      });
    },
  };
  return { database: crashing, crashes };
}
