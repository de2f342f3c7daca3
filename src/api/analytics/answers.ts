import { LRUCache } from 'lru-cache';
import type { Analytics } from '../../analytics/engine.ts';
import type { KpiAnswer, KpiRequest } from '../../analytics/query/answer.ts';
import { canonicalJson } from '../../values/canonical-json.ts';

/** Many look at the same board: a question is computed once for a position and a day, also while it is being computed. */
export interface RecentAnswers {
  answer(question: KpiRequest): Promise<KpiAnswer>;
}

export function recentAnswers(analytics: Analytics, clock: () => string): RecentAnswers {
  const known = new LRUCache<string, Promise<KpiAnswer>>({ max: 200, ttl: 60_000 });
  return {
    answer: (question) => {
      const key = canonicalJson([question, analytics.position, clock().slice(0, 10)]);
      const before = known.get(key);
      if (before) return before;
      const answer = analytics.query(question);
      known.set(key, answer);
      // A failure is told to whoever waits for it, and not kept.
      answer.catch(() => known.delete(key));
      return answer;
    },
  };
}
