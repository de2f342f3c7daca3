import type { FoldedFacts } from '../facts/facts.ts';
import { Groups, type Keys } from '../kernel/groups.ts';
import { isPeriod } from '../kernel/periods.ts';
import { slicesOf } from '../kernel/vectors.ts';
import { type Attributed, noPeriod, PeriodKeys } from './attribution.ts';
import { type Dimension, dimensionAt } from './dimensions.ts';
import type { Asked, Judgement, Question } from './question.ts';
import type { Units } from './units.ts';

/** The group of every unit, for one choice of periods and dimensions. */
export interface Grouping {
  readonly codes: Int32Array;
  readonly groups: Groups;
  readonly keys: readonly (Dimension | PeriodKeys)[];
}

const remembered = new WeakMap<FoldedFacts, { readonly version: number; readonly known: Map<string, Grouping> }>();
const mostRemembered = 4;

/** Worked out once for each version of the facts: who asks again, or asks for another KPI in the same groups, has it at once. */
export function* groupingOf(
  facts: FoldedFacts,
  { units, attributed }: { readonly units: Units; readonly attributed: Attributed },
  asked: Asked,
  { question, judgement }: { readonly question: Question; readonly judgement: Judgement },
): Generator<void, Grouping> {
  const known = knownOf(facts);
  const key = keyOf(asked, question, judgement);
  const found = known.get(key);
  if (found) return found;
  const keys: (Dimension | PeriodKeys)[] = [];
  for (const name of question.group)
    keys.push(isPeriod(name) ? new PeriodKeys(name, attributed) : yield* dimensionAt(facts, units, name));
  const groups = new Groups(keys as readonly Keys[]);
  const codes = new Int32Array(units.count);
  for (const [from, to] of slicesOf(units.count)) {
    groups.of(from, to, codes.subarray(from, to));
    yield;
  }
  const grouping = { codes, groups, keys };
  if (known.size >= mostRemembered) known.delete(known.keys().next().value as string);
  known.set(key, grouping);
  return grouping;
}

function knownOf(facts: FoldedFacts): Map<string, Grouping> {
  const last = remembered.get(facts);
  if (last?.version === facts.version) return last.known;
  const known = new Map<string, Grouping>();
  remembered.set(facts, { version: facts.version, known });
  return known;
}

/** Everything on which the groups depend, but for the facts. */
const keyOf = ({ grain, by, basis, kpi }: Asked, { group, zone }: Question, { day }: Judgement): string =>
  JSON.stringify([grain, by, basis, kpi.basis, group, zone, by === 'snapshot' ? day : null]);

/** The words of a group, by the names of the question. */
export function labelsOf(
  { groups, keys }: Grouping,
  group: number,
  names: readonly string[],
): Record<string, string | null> {
  const codes = groups.codesOf(group);
  return Object.fromEntries(
    names.map((name, at) => {
      const code = codes[at] as number;
      return [name, code === noPeriod && isPeriod(name) ? null : (keys[at]?.labels[code] ?? null)];
    }),
  );
}
