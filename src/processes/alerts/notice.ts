import type { Untold } from '../../commands/watch/state.ts';
import type { Reading } from '../../events/catalog/alert.ts';
import { uuidv5 } from '../../values/ids.ts';

/** What teams are told of an alert. No personal data: `tell` names teams or roles. */
export interface Notice {
  /** The same when it is given again, because the process ended before it had noted that it was given. */
  readonly noticeId: string;
  readonly kind: 'raised' | 'cleared';
  readonly watchId: string;
  readonly alertId: string;
  readonly name: string;
  readonly tell: readonly string[];
  readonly reading: Reading;
  /** One sentence for people. */
  readonly words: string;
}

/** A way to tell. It is told after the fact was recorded, and again when it throws. */
export type Tell = (notice: Notice) => void | Promise<void>;

const namespace = 'd1f5e8a4-6a55-5c5e-8a0e-52b9b9f6f0c3';
export const noticeIdOf = ({ alertId, of }: Pick<Untold, 'alertId' | 'of'>): string =>
  uuidv5(namespace, JSON.stringify([alertId, of]));

export function noticeOf(watchId: string, untold: Untold): Notice {
  const { alertId, of: kind, name, kpi, tell, reading } = untold;
  const made = `${number(reading.value)} (${number(reading.num)} of ${number(reading.den)})`;
  const when = reading.period === undefined ? '' : ` in ${reading.period}`;
  const words = `${name}: ${kpi} is ${made}${when}; ${kind === 'raised' ? 'alert' : 'back to usual'}`;
  return { noticeId: noticeIdOf(untold), kind, watchId, alertId, name, tell, reading, words };
}

const number = (value: number): string => String(Number(value.toPrecision(6)));
