import { periods } from '../../analytics/kernel/periods.ts';
import { InvalidValue } from '../../values/refusal.ts';
import type { Figures } from './board/asking.ts';

/** A dimension with so few values that one can be picked from a list. */
export interface Choice {
  readonly dimension: string;
  readonly values: readonly string[];
}

const valuesAtMost = 40;
const keptMs = 60_000;

/** The choices of the filter form, looked up at most once a minute. */
export function choicesFrom(figures: Figures): () => Promise<readonly Choice[]> {
  let known: { readonly until: number; readonly choices: Promise<readonly Choice[]> } | undefined;
  return () => {
    const now = performance.now();
    if (known && known.until > now) return known.choices;
    const choices = lookedUp(figures);
    known = { until: now + keptMs, choices };
    choices.catch(() => {
      known = undefined;
    });
    return choices;
  };
}

async function lookedUp(figures: Figures): Promise<Choice[]> {
  const choices: Choice[] = [];
  for (const dimension of figures.dimensions()) {
    if ((periods as readonly string[]).includes(dimension)) continue;
    const values = await valuesOf(figures, dimension);
    if (values.length > 1 && values.length <= valuesAtMost) choices.push({ dimension, values });
  }
  return choices;
}

async function valuesOf(figures: Figures, dimension: string): Promise<string[]> {
  try {
    const { rows } = await figures.query({ kpis: ['count'], grain: 'line', group: [dimension] });
    return rows.flatMap(({ group }) => group[dimension] ?? []);
  } catch (error) {
    if (error instanceof InvalidValue && error.code === 'too-many-groups') return [];
    throw error;
  }
}
