import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kpi } from '../../analytics/kpis/kpi.ts';
import type { CellUnit } from '../../analytics/query/answer.ts';
import { InvalidValue, shown } from '../../values/refusal.ts';
import { one, type Query } from '../query.ts';
import type { Figures } from './board/asking.ts';
import type { Place } from './links.ts';
import { questionOf, type View, viewOf } from './view.ts';

export const shows = ['all', 'failed', 'open'] as const;
export type Show = (typeof shows)[number];

/** The units behind one number, and which of them are wanted. */
export interface CellView {
  readonly view: View;
  readonly place: Place;
  readonly kpi: Kpi;
  readonly show: Show;
}

/** Throws InvalidValue. */
export function cellViewOf({ kpis }: Figures, query: Query): CellView {
  const view = viewOf(query, ['kpi', 'month', 'atLeast', 'below', 'show']);
  const id = one(query, 'kpi') ?? '';
  const kpi = kpis.find((known) => known.id === id);
  if (!kpi) throw new InvalidValue('unknown-kpi', `There is no KPI ${shown(id)}`, 'kpi');
  const [month, atLeast, below] = [one(query, 'month'), numberOf(query, 'atLeast'), numberOf(query, 'below')];
  const show = one(query, 'show') ?? 'all';
  const known = shows.find((name) => name === show);
  if (!known)
    throw new InvalidValue('unknown-show', `There is no ${shown(show)}; there are ${shows.join(', ')}`, 'show');
  return {
    view,
    kpi,
    show: known,
    place: {
      kpi: id,
      ...(month !== undefined && { month: month === 'none' ? null : month }),
      ...(atLeast !== undefined && { atLeast }),
      ...(below !== undefined && { below }),
    },
  };
}

function numberOf(query: Query, name: string): number | undefined {
  const text = one(query, name);
  if (text === undefined) return undefined;
  if (!/^-?\d{1,9}(?:\.\d{1,6})?$/.test(text))
    throw new InvalidValue('invalid-number', `${shown(text)} is no number`, name);
  return Number(text);
}

export interface Found {
  /** Failures first, then the greatest values. */
  readonly units: readonly CellUnit[];
  readonly total: number;
}

const unitsPerSlice = 2_000;

/** Long lists are cut; `total` says what there is. Others may work in between. */
export async function unitsOf(figures: Figures, { view, place, kpi, show }: CellView, atMost: number): Promise<Found> {
  const { month } = place;
  const { units } = await figures.cell({
    ...questionOf(view),
    basis: view.basis,
    kpis: [kpi.id],
    kpi: kpi.id,
    group: month === undefined ? [] : ['month'],
    cell: month === undefined ? {} : { month },
  });
  let kept: CellUnit[] = [];
  let total = 0;
  for (let from = 0; from < units.length; from += unitsPerSlice) {
    const wanted = units.slice(from, from + unitsPerSlice).filter((unit) => isWanted(unit, place, show));
    const last = kept.length < atMost ? undefined : kept.at(-1);
    const better = last ? wanted.filter((unit) => worstFirst(unit, last) < 0) : wanted;
    if (better.length > 0) kept = [...kept, ...better].sort(worstFirst).slice(0, atMost);
    total += wanted.length;
    await nextTurn();
  }
  return { units: kept, total };
}

function isWanted({ counted, good, value }: CellUnit, { atLeast, below }: Place, show: Show): boolean {
  if (show === 'failed' && good !== false) return false;
  if (show === 'open' && counted) return false;
  if (atLeast === undefined && below === undefined) return true;
  return (
    value !== null && value >= (atLeast ?? Number.NEGATIVE_INFINITY) && value < (below ?? Number.POSITIVE_INFINITY)
  );
}

const rank = ({ counted, good }: CellUnit): number => (!counted ? 2 : good === false ? 0 : 1);

const worstFirst = (a: CellUnit, b: CellUnit): number =>
  rank(a) - rank(b) || (a.good === null ? (b.value ?? 0) - (a.value ?? 0) : 0) || (a.orderNo < b.orderNo ? -1 : 1);
