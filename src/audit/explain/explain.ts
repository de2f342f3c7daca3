import type { Recorded } from '../../events/envelope.ts';
import { canonicalJson } from '../../values/canonical-json.ts';
import { InvalidValue, shown } from '../../values/refusal.ts';
import { sentenceOf } from '../history/sentence.ts';
import type { Moment } from '../moment.ts';
import { cellsOf } from '../past/cells.ts';
import type { Past } from '../past/past.ts';
import { type Cells, plus, type Readable, type RowKey } from '../past/read-model.ts';
import { Replay } from '../past/replay.ts';

/** An event that changed a field, and how. */
export interface Step {
  readonly event: Recorded;
  readonly sentence: string;
  readonly from: unknown;
  readonly to: unknown;
}

export interface Explanation {
  readonly readModel: string;
  readonly key: RowKey;
  readonly field: string;
  /** At the moment; null when there is no such row, or nothing in the field. */
  readonly value: unknown;
  /** Events that made or changed it, in order; the last thousand of them. */
  readonly steps: readonly Step[];
  /** How many there were before those. */
  readonly earlier: number;
}

const stepsAtMost = 1000;

/**
 * Which events made a field what it was at a moment: the row is made again event by event, with the handlers of its read model.
 * A field is a column, or a place in a column that holds a document: `doc/lines/0/status`. Throws InvalidValue `unknown-field`.
 */
export async function explainField(
  past: Past,
  {
    readModel,
    key,
    field,
    moment = {},
  }: {
    readonly readModel: string;
    readonly key: RowKey;
    readonly field: string;
    readonly moment?: Moment;
  },
): Promise<Explanation> {
  const table = past.tableNamed(readModel);
  const read = readerOf(table, field);
  const following = follow(table, key);
  const steps: Step[] = [];
  let earlier = 0;
  let value: unknown = null;
  for await (const event of past.eventsFor(table, key, moment)) {
    const row = following.after(event);
    if (row === undefined) continue;
    const now = read(row);
    if (canonicalJson(now) === canonicalJson(value)) continue;
    steps.push({ event, sentence: sentenceOf(event), from: value, to: now });
    if (steps.length > stepsAtMost) {
      steps.shift();
      earlier += 1;
    }
    value = now;
  }
  return { readModel, key, field, value, steps, earlier };
}

/** Makes a row event by event. */
function follow(table: Readable, key: RowKey) {
  const replay = new Replay(table.model);
  const measures = Object.keys(table.columns).filter((column) => !table.key.includes(column));
  let sum: Cells = { ...key };
  return {
    /** The row after the event; undefined when the event has nothing to do with it. */
    after(event: Recorded): Cells | undefined {
      const { before, after } = replay.fold(event);
      const made = after === undefined ? undefined : table.rowOf(after, key);
      if (!table.summed) return made;
      const was = before === undefined ? undefined : table.rowOf(before, key);
      if (!made && !was) return undefined;
      if (was) sum = plus(sum, was, measures, -1);
      if (made) sum = plus(sum, made, measures);
      return sum;
    },
  };
}

function readerOf({ name, columns }: Readable, field: string): (row: Cells) => unknown {
  const [column = '', ...path] = field.split('/');
  if (!Object.hasOwn(columns, column)) {
    const names = Object.keys(columns).join(', ');
    throw new InvalidValue('unknown-field', `${name} has no column ${shown(column)}; there are ${names}`, 'field');
  }
  const one = { [column]: columns[column] ?? 'text' };
  const steps = path.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return (row) => steps.reduce<unknown>((inside, part) => within(inside, part), cellsOf(one, row)[column]) ?? null;
}

const within = (value: unknown, part: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, part)
    ? (value as Readonly<Record<string, unknown>>)[part]
    : undefined;
