import type { Calendar } from '../../values/calendars.ts';
import type { LocalDate, Zone } from '../../values/dates.ts';
import type { Method } from '../kernel/histogram.ts';
import type { Attribution, Basis, Grain, Kpi, Population } from '../kpis/kpi.ts';

/** A KPI with everything decided that the question left open. */
export interface Asked {
  readonly kpi: Kpi;
  readonly grain: Grain;
  readonly basis: Basis;
  readonly population: Population;
  readonly by: Attribution;
}

/** A checked question. */
export interface Question {
  readonly asked: readonly Asked[];
  readonly group: readonly string[];
  readonly filter: Readonly<Record<string, readonly string[]>>;
  readonly zone: Zone | null;
  readonly from: LocalDate | null;
  readonly to: LocalDate | null;
  readonly calendar: Calendar | null;
  readonly percentiles: readonly number[];
  readonly method: Method;
}

/** The moment at which is judged what is overdue. */
export interface Judgement {
  /** Day from 1970-01-01: later deliveries have not happened yet. */
  readonly day: number;
  /** Epoch milliseconds; the age of open things is measured up to here. */
  readonly instant: number;
}
