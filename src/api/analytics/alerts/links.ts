import { questionOf } from '../../../analytics/alerts/series.ts';
import type { AlertDoc } from '../../../projections/alerts/reader.ts';
import { parametersOf } from '../questions.ts';

/** An alert with the question that gives its number again, as of the position at which it was read. */
export function withLinks(alert: AlertDoc): AlertDoc & { readonly links: { readonly number: string } } {
  const { position, on } = alert.reading;
  const { percentiles = [], ...rest } = questionOf(alert, { asOf: { position }, on });
  const question = percentiles.length === 0 ? rest : { ...rest, percentiles };
  return { ...alert, links: { number: `/v1/analytics/query?${parametersOf(question)}` } };
}
