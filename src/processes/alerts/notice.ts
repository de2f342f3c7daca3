import type { Watch } from '../../commands/watch/state.ts';
import type { Reading } from '../../events/catalog/alert.ts';
import type { Reaction } from './reactions.ts';

/** What teams are told of an alert. No personal data: `tell` names teams or roles. */
export interface Notice {
  readonly kind: 'raised' | 'cleared';
  readonly watchId: string;
  readonly name: string;
  readonly tell: readonly string[];
  readonly reading: Reading;
  /** One sentence for people. */
  readonly words: string;
}

/** A way to tell. It is told after the fact was recorded; what it throws is reported and holds nothing up. */
export type Tell = (notice: Notice) => void | Promise<void>;

export function noticeOf({ watchId, definition }: Watch, { command }: Reaction): Notice {
  const { name, question, tell } = definition;
  const { reading } = command.body;
  const kind = command.kind === 'raise' ? 'raised' : 'cleared';
  const made = `${number(reading.value)} (${number(reading.num)} of ${number(reading.den)})`;
  const when = reading.period === undefined ? '' : ` in ${reading.period}`;
  const words = `${name}: ${question.kpi} is ${made}${when}; ${kind === 'raised' ? 'alert' : 'back to usual'}`;
  return { kind, watchId, name, tell, reading, words };
}

const number = (value: number): string => String(Number(value.toPrecision(6)));
