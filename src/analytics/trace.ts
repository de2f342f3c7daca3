import { tmpdir } from 'node:os';
import type { Recorded } from '../events/envelope.ts';
import { inSlices } from '../events/slices.ts';
import { FoldedFacts } from './facts/facts.ts';
import { fold, settleAll } from './facts/fold.ts';
import { Pasts } from './pasts.ts';
import type { CellUnit, KpiRequest } from './query/answer.ts';
import { Questions } from './questions.ts';
import { Turns } from './turns.ts';

export interface TraceRequest extends Pick<KpiRequest, 'grain' | 'basis' | 'population' | 'zone' | 'on'> {
  readonly kpi: string;
}

/**
 * What some events alone add to a KPI, event by event: its units after each of them. Throws InvalidValue for what cannot be
 * asked, as every question about KPIs does.
 */
export async function* traceKpi(
  events: Iterable<Recorded>,
  { kpi, ...request }: TraceRequest,
  clock: () => string,
): AsyncGenerator<{ readonly event: Recorded; readonly units: readonly CellUnit[] }, void> {
  const live = new FoldedFacts();
  const past = { async *read() {} };
  const questions = new Questions({
    live,
    turns: new Turns(),
    past,
    pasts: new Pasts(past, 1),
    clock,
    directory: tmpdir(),
  });
  for (const event of events) {
    fold(live, event);
    await inSlices(settleAll(live));
    const { units } = await questions.cell({ ...request, kpi, kpis: [kpi], cell: {} });
    yield { event, units };
  }
}
