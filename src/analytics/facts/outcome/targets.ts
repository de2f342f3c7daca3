import { bases } from '../../kpis/kpi.ts';
import { nullDay } from '../../table.ts';
import { earlierDay, laterDay } from '../days.ts';
import type { OutcomeColumns } from '../outcome-columns.ts';

export const basisCount = bases.length;
export const request = bases.indexOf('request');
export const ship = bases.indexOf('ship');

/** The target if it was missed or is still open, else null. */
export const missedBy = (target: number, doneOn: number): number =>
  target === nullDay || (doneOn !== nullDay && doneOn <= target) ? nullDay : target;

export function clear(columns: OutcomeColumns, row: number): void {
  columns.counted.values[row] = 0;
  columns.open.values[row] = 0;
  columns.inFull.values[row] = 2;
  columns.completedAt.values[row] = Number.NaN;
  columns.shippedAt.values[row] = Number.NaN;
  columns.completedOn.values[row] = nullDay;
  columns.shippedOn.values[row] = nullDay;
  for (let basis = 0; basis < basisCount; basis += 1) {
    valuesOf(columns.target, basis)[row] = nullDay;
    valuesOf(columns.missed, basis)[row] = nullDay;
    valuesOf(columns.late, basis)[row] = nullDay;
  }
}

export const valuesOf = (columns: readonly { readonly values: Int32Array }[], basis: number): Int32Array =>
  columns[basis]?.values as Int32Array;

type Targets = Pick<OutcomeColumns, 'target' | 'missed'>;

/** All targets of the parts must be met: the last one is the target, the first one missed is the miss. */
export function inherit(whole: Targets, row: number, part: Targets, partRow: number): void {
  for (let basis = 0; basis < basisCount; basis += 1) {
    const target = valuesOf(whole.target, basis);
    const missed = valuesOf(whole.missed, basis);
    target[row] = laterDay(target[row] as number, valuesOf(part.target, basis)[partRow] as number);
    missed[row] = earlierDay(missed[row] as number, valuesOf(part.missed, basis)[partRow] as number);
  }
}
