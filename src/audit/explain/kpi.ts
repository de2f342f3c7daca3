import type { Recorded } from '../../events/envelope.ts';
import { canonicalJson } from '../../values/canonical-json.ts';
import { sentenceOf } from '../history/sentence.ts';
import type { Step } from './explain.ts';

/** How a KPI of one order is asked, in the words of analytics. */
export interface KpiQuestion {
  readonly kpi: string;
  readonly grain?: string;
  readonly basis?: string;
  readonly population?: string;
  /** Local date on which is judged what is overdue; today, if left out. */
  readonly on?: string;
}

/** Tells what the events add to a KPI, after each of them: analytics. */
export type TraceKpi = (
  events: Iterable<Recorded>,
  question: KpiQuestion,
) => AsyncIterable<{ readonly event: Recorded; readonly units: readonly object[] }>;

export interface KpiExplanation {
  readonly kpi: string;
  /** What the order adds to the KPI: its units, counted or open. */
  readonly value: readonly object[];
  /** Events that changed that, in order. */
  readonly steps: readonly Step[];
}

/** Which events of an order made what it adds to a KPI. Throws InvalidValue for what cannot be asked. */
export async function explainKpi(
  trace: TraceKpi,
  events: readonly Recorded[],
  question: KpiQuestion,
): Promise<KpiExplanation> {
  const steps: Step[] = [];
  let value: readonly object[] = [];
  for await (const { event, units } of trace(events, question)) {
    if (canonicalJson(units) === canonicalJson(value)) continue;
    steps.push({ event, sentence: sentenceOf(event), from: value, to: units });
    value = units;
  }
  return { kpi: question.kpi, value, steps };
}
