import { accuracy } from './accuracy.ts';
import { type Asking, cellOf } from './asking.ts';
import { backlog } from './backlog.ts';
import { cycleTime } from './cycle-time.ts';
import { onTime } from './on-time.ts';
import type { Section, SectionOf } from './section.ts';
import { promiseSlippage } from './slippage.ts';

/** Everything that the page shows. */
export interface Board {
  readonly sections: readonly Section[];
  readonly position: string;
  /** Date on which was judged what is overdue. */
  readonly on: string;
  /** Zone of periods; `ship-to` is that of each place of delivery. */
  readonly zone: string;
  readonly parkedStreams: number;
  readonly units: number;
}

const subjects: readonly SectionOf[] = [onTime, cycleTime, accuracy, backlog, promiseSlippage];

export async function boardOf(asking: Asking): Promise<Board> {
  const { answer } = await asking.total(['on_time_rate']);
  const { position, on, zone, parkedStreams } = answer;
  const { den, n_open } = cellOf(answer, 'on_time_rate');
  const sections: Section[] = [];
  for (const subject of subjects) sections.push(await subject(asking));
  return { sections, position, on, zone, parkedStreams, units: den + n_open };
}
