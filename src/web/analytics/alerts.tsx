/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { VNode } from 'preact';
import { bases, type Kpi } from '../../analytics/kpis/kpi.ts';
import type { AlertDoc } from '../../projections/alerts/reader.ts';
import { boardAddress, cellAddress } from './links.ts';
import type { View } from './view.ts';
import { instantText, monthText, valueText } from './words.ts';

/** More are told by number. */
export const alertsAtMost = 10;

export interface OpenAlerts {
  /** Newest first. */
  readonly alerts: readonly AlertDoc[];
  /** There are more than are shown. */
  readonly more: boolean;
}

/** What is out of bounds now, each with the way to the number as it was when the alert was raised. */
export const AlertsPart = ({
  open: { alerts, more },
  kpis,
}: {
  readonly open: OpenAlerts;
  readonly kpis: readonly Kpi[];
}): VNode => (
  <section class="alerts" id="alerts" aria-labelledby="alerts-heading">
    <h2 id="alerts-heading">{alerts.length === 0 ? 'No open alerts' : 'Open alerts'}</h2>
    {alerts.length > 0 && (
      <ul>
        {alerts.map((alert) => (
          <li key={alert.alertId}>
            <a href={addressOf(alert)}>{alert.name}</a> <span>{sentenceOf(alert, kpis)}</span>
          </li>
        ))}
      </ul>
    )}
    {more && <p>There are more; /v1/analytics/alerts has all of them.</p>}
  </section>
);

function sentenceOf(
  { question, condition, reading, raisedAt, acknowledgedAt }: AlertDoc,
  kpis: readonly Kpi[],
): string {
  const kpi = kpis.find(({ id }) => id === question.kpi);
  const text = (value: number): string => (kpi ? valueText(kpi.unit, value) : String(value));
  const percentile = question.percentile === undefined ? '' : `, percentile ${question.percentile}`;
  const period = reading.period === undefined ? '' : ` in ${periodText(reading.period)}`;
  const limit =
    condition.kind === 'threshold'
      ? `${condition.side} ${text(condition.level)}`
      : `changed its level (${reading.side ?? condition.side})`;
  const seen = acknowledgedAt === undefined ? '' : '; acknowledged';
  return `${kpi?.title ?? question.kpi}${percentile}${period}: ${text(reading.value)}, ${limit}; since ${instantText(raisedAt)}${seen}`;
}

const monthForm = /^\d{4}-\d{2}$/;
const periodText = (period: string): string => (monthForm.test(period) ? monthText(period) : period);

/**
 * The units behind the number where the page of a number asks the same question; else the dashboard as it was. Both as of the
 * position that the alert was judged at.
 */
function addressOf({ question, reading }: AlertDoc): string {
  const { kpi, grain, population, by, filter = {}, zone, basis } = question;
  const { period, position, on } = reading;
  const view: View = {
    basis: bases.find((name) => name === basis) ?? 'commit',
    filter,
    asOf: { position },
    on,
    ...(zone !== undefined && { zone }),
  };
  const plain = grain === undefined && population === undefined && by === undefined;
  if (!plain || (period !== undefined && !monthForm.test(period))) return boardAddress(view);
  return cellAddress(view, { kpi, ...(period !== undefined && { month: period }) });
}
