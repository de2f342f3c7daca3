import { LRUCache } from 'lru-cache';
import type { Analytics, Facts, FactTable } from '../../analytics/engine.ts';
import type { AsOf } from '../../analytics/query/answer.ts';

/** Gives a table of facts, the same one to all who ask for the same moment: it never changes. */
export type RecentFacts = (table: FactTable, moment: AsOf | undefined) => Promise<Facts>;

/** Rows that are kept in all, for half a minute: someone who clicks through the orders behind a number asks often. */
const keptRows = 2_000_000;

export function recentFacts(analytics: Analytics): RecentFacts {
  const known = new LRUCache<string, Facts>({
    maxSize: keptRows,
    sizeCalculation: ({ table }) => table.rows + 1,
    ttl: 30_000,
    ttlAutopurge: true,
  });
  return async (table, moment) => {
    // An instant has no answer of its own: later events may have been recorded before it.
    if (moment && 'instant' in moment) return analytics.facts(table, { asOf: moment });
    const before = known.get(`${table} ${moment?.position ?? analytics.position}`);
    if (before) return before;
    const facts = await analytics.facts(table, moment ? { asOf: moment } : {});
    known.set(`${table} ${facts.position}`, facts);
    return facts;
  };
}
