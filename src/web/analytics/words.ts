import type { Basis, Grain, Unit } from '../../analytics/kpis/kpi.ts';

/** Numbers and names as readers see them. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Nothing to show is a dash, never a zero. */
export const nothing = '–';

export const countText = (value: number): string => whole.format(value);

export const percentText = (value: number | null): string =>
  value === null ? nothing : `${tenth.format(value * 100)} %`;

export const daysText = (value: number | null): string => (value === null ? nothing : `${tenth.format(value)} d`);

/** A value in the unit of its KPI. */
export function valueText(unit: Unit, value: number | null): string {
  if (value === null) return nothing;
  if (unit === 'ratio') return percentText(value);
  if (unit === 'days') return daysText(value);
  if (unit === 'points') return `${tenth.format(value)} pts`;
  return Number.isInteger(value) ? whole.format(value) : tenth.format(value);
}

/** `schedule-line` as schedule lines. */
export const unitsWord = (grain: Grain): string => `${grain.replace('-', ' ')}s`;

export const basisWords: Readonly<Record<Basis, { readonly name: string; readonly about: string }>> = {
  request: { name: 'Requested date', about: 'the date that the customer asked for' },
  first_promise: { name: 'First promise', about: 'the first date that we promised' },
  commit: { name: 'Commit date', about: 'the first promise, replaced only with the consent of the customer' },
  last_promise: { name: 'Last promise', about: 'the last date that we told, whoever moved it' },
  ship: { name: 'Planned departure', about: 'the planned day of departure, compared with the departure' },
};

/** A position without the zeros that make positions sort as text. */
export const positionText = (position: string): string =>
  position.replaceAll(/0+(?=\d)/g, (zeros, at: number) => (at === 0 || /\D/.test(position[at - 1] ?? '') ? '' : zeros));

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-03` as Mar 2026. */
export function monthText(month: string | null): string {
  if (month === null) return 'no month';
  return `${monthNames[Number(month.slice(5, 7)) - 1] ?? ''} ${month.slice(0, 4)}`;
}

/** `2026-03-31T12:00:00.000Z` as 2026-03-31 12:00:00 UTC. */
export const instantText = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`;
