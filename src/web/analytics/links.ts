import { parametersOf, type View } from './view.ts';

export const boardPath = '/analytics';
export const cellPath = '/analytics/cell';
export const orderPath = '/analytics/orders';

/** One number: a KPI of a view, in one month if it says so, and only values within bounds if it says so. */
export interface Place {
  readonly kpi: string;
  readonly month?: string | null;
  /** In the unit of the KPI. */
  readonly atLeast?: number;
  readonly below?: number;
  readonly show?: string;
}

/** The page with the units behind a number. */
export function cellAddress(view: View, { kpi, month, atLeast, below, show }: Place): string {
  const parameters = new URLSearchParams([['kpi', kpi], ...parametersOf(view)]);
  if (month !== undefined) parameters.set('month', month ?? 'none');
  if (atLeast !== undefined) parameters.set('atLeast', String(atLeast));
  if (below !== undefined) parameters.set('below', String(below));
  if (show !== undefined) parameters.set('show', show);
  return `${cellPath}?${parameters}`;
}

export const boardAddress = (view: View): string => `${boardPath}?${parametersOf(view)}`;

export const orderAddress = (orderId: string): string => `${orderPath}/${encodeURIComponent(orderId)}`;

/** The view as it was answered: later events and days do not change what a link shows. */
export function pinned(view: View, { position, on }: { readonly position: string; readonly on: string }): View {
  return { ...view, on, ...(!view.asOf && position !== 'start' && { asOf: { position } }) };
}

/** The same question for programs. */
export function apiAddress(view: View, { kpi, month }: Place): string {
  const parameters = new URLSearchParams([['kpi', kpi], ...parametersOf(view)]);
  if (month !== undefined) {
    parameters.set('group', 'month');
    parameters.set('cell', month === null ? 'month' : `month=${month}`);
  }
  return `/v1/analytics/cell?${parameters}`;
}
