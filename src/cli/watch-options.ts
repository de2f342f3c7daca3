import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { questionOf } from '../analytics/alerts/series.ts';
import { FoldedFacts } from '../analytics/facts/facts.ts';
import { checkQuestion } from '../analytics/query/check.ts';
import { dimensionsOf } from '../analytics/query/dimensions.ts';
import { DefineWatch } from '../commands/watch/commands.ts';
import type { WatchDefinition } from '../events/catalog/alert.ts';
import { UsageError } from './exit.ts';

/** The options of `orderfold watches add`. */
export interface WatchOptions {
  readonly kpi: string;
  readonly name?: string;
  readonly below?: number;
  readonly above?: number;
  readonly clearAt?: number;
  readonly cusum?: 'below' | 'above' | 'both';
  readonly baseline?: string;
  readonly k?: number;
  readonly h?: number;
  readonly minN?: number;
  readonly period?: string;
  readonly lookBack?: number;
  readonly grain?: string;
  readonly basis?: string;
  readonly population?: string;
  readonly by?: string;
  readonly zone?: string;
  readonly filter: readonly string[];
  readonly percentile?: number;
  readonly tell: readonly string[];
}

const schema = Compile(DefineWatch);

/** Throws UsageError or InvalidValue. Which free dimensions orders have, only the read models know: see `freeDimensionsOf`. */
export function watchOf(watchId: string, options: WatchOptions): Static<typeof DefineWatch> {
  const { kpi, name = watchId, period, lookBack, grain, basis, population, by, zone, percentile, tell } = options;
  const filter = filterOf(options.filter);
  const question = defined({ kpi, period, grain, basis, population, by, zone, percentile, filter });
  const watch: unknown = defined({ watchId, name, question, condition: conditionOf(options), lookBack, tell });
  if (!schema.Check(watch)) {
    const [first] = schema.Errors(watch);
    throw new UsageError(`The watch does not fit at ${first?.instancePath || '/'}: ${first?.message ?? 'invalid'}.`);
  }
  const own = Object.entries(watch.question.filter ?? {}).filter(([name]) => builtIn.has(name));
  checkQuestion(new FoldedFacts(), { ...questionOf(watch), filter: Object.fromEntries(own) });
  return watch;
}

const builtIn = new Set(dimensionsOf(new FoldedFacts()));

/** Dimensions of its filter that are there only if an order has them. */
export const freeDimensionsOf = ({ question }: WatchDefinition): readonly string[] =>
  Object.keys(question.filter ?? {}).filter((name) => !builtIn.has(name));

function conditionOf({ below, above, clearAt, cusum, baseline, k, h, minN: minimumN }: WatchOptions): object {
  if (cusum !== undefined) {
    const [from, to] = baseline?.split('..') ?? [];
    if (from === undefined || to === undefined)
      throw new UsageError('--cusum needs --baseline, e.g. 2026-01-01..2026-03-31.');
    return defined({ kind: 'cusum', side: cusum, baseline: { from, to }, k, h, minimumN });
  }
  const level = below ?? above;
  if (level === undefined) throw new UsageError('Give a condition: --below, --above or --cusum.');
  return defined({ kind: 'threshold', side: below === undefined ? 'above' : 'below', level, clearAt, minimumN });
}

function filterOf(pairs: readonly string[]): object | undefined {
  const filter = new Map<string, string[]>();
  for (const pair of pairs) {
    const [name, ...rest] = pair.split('=');
    if (!name || rest.length === 0) throw new UsageError(`--filter ${pair}: dimension=value is expected.`);
    filter.set(name, [...(filter.get(name) ?? []), rest.join('=')]);
  }
  return pairs.length === 0 ? undefined : Object.fromEntries(filter);
}

const defined = (object: object): object =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

/** e.g. `below 0.9, over at 0.92`. */
export function conditionInWords(condition: WatchDefinition['condition']): string {
  if (condition.kind === 'threshold') {
    const { side, level, clearAt = level } = condition;
    return `${side} ${level}${clearAt === level ? '' : `, over at ${clearAt}`}`;
  }
  const { side, baseline, k = 0.5, h = 5 } = condition;
  return `level ${side === 'both' ? 'changed' : side} (CUSUM k=${k} h=${h}, baseline ${baseline.from} to ${baseline.to})`;
}
