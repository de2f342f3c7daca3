import { dateOf } from '../facts/days.ts';
import type { Conventions, KpiAnswer } from './answer.ts';
import type { Asked, Judgement, Question } from './question.ts';

type Said = Omit<KpiAnswer, 'rows' | 'position' | 'asOf' | 'parkedStreams'>;

/** What an answer says about itself: everything that was decided where the question left it open. */
export const conventionsOf = (question: Question, { day }: Judgement): Said => ({
  conventions: question.asked.map((asked) => conventionOf(asked, question)),
  group: question.group,
  zone: question.zone ?? 'ship-to',
  percentiles: question.percentiles,
  method: question.method,
  calendar: question.calendar?.name ?? null,
  from: question.from,
  to: question.to,
  on: dateOf(day),
});

const conventionOf = ({ kpi, grain, basis, population, by }: Asked, { calendar }: Question): Conventions => ({
  kpi: kpi.id,
  version: kpi.version,
  unit: calendar && kpi.measure?.kind === 'time' ? 'working-hours' : kpi.unit,
  grain,
  basis: kpi.basis ? basis : null,
  population: kpi.population ? population : null,
  by,
});
