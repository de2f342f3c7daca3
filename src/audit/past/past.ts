import type { Position, Recorded } from '../../events/envelope.ts';
import { InvalidValue, shown } from '../../values/refusal.ts';
import type { Moment } from '../moment.ts';
import { cellsOf } from './cells.ts';
import { type Cells, plus, type Readable, type ReadModel, type RowKey, readables } from './read-model.ts';
import { Replay } from './replay.ts';
import { type EventSources, eventsFor } from './sources.ts';

export interface PastOptions extends EventSources {
  readonly models: readonly ReadModel[];
}

export interface PastRow {
  readonly readModel: string;
  readonly key: RowKey;
  /** Null: there was no such row. */
  readonly row: Cells | null;
  /** Of the read model by whose handlers it was made again. */
  readonly version: number;
  /** Of the last event from which it was made; of a sum, of the last event that was looked at. */
  readonly position: Position | 'start';
}

/** Rows of read models as they were. Throws InvalidValue `unknown-read-model`, `invalid-key`. */
export interface Past {
  readonly tables: ReadonlyMap<string, Readable>;
  tableNamed(name: string): Readable;
  rowAt(name: string, key: RowKey, moment: Moment): Promise<PastRow>;
  /** The events from which the row can be made again, in order. */
  eventsFor(table: Readable, key: RowKey, moment: Moment): AsyncIterable<Recorded>;
}

export function openPast({ models, ...sources }: PastOptions): Past {
  const tables = readables(models);
  const tableNamed = (name: string): Readable => {
    const table = tables.get(name);
    if (table) return table;
    const names = [...tables.keys()].join(', ');
    throw new InvalidValue('unknown-read-model', `There is no read model ${shown(name)}; there are ${names}`);
  };
  return {
    tables,
    tableNamed,
    eventsFor: (table, key, moment) => eventsFor(sources, table, key, moment),
    async rowAt(name, key, moment) {
      const table = tableNamed(name);
      const replay = new Replay(table.model);
      let position: Position | 'start' = 'start';
      for await (const event of eventsFor(sources, table, key, moment)) {
        replay.fold(event);
        if (position === 'start' || event.position > position) position = event.position;
      }
      const row = rowFrom(table, replay, key);
      return {
        readModel: name,
        key,
        row: row ? cellsOf(table.columns, row) : null,
        version: table.model.version,
        position,
      };
    },
  };
}

/** The row that the documents make together. */
function rowFrom(table: Readable, replay: Replay, key: RowKey): Cells | undefined {
  const measures = Object.keys(table.columns).filter((column) => !table.key.includes(column));
  let row: Cells | undefined;
  for (const doc of replay.documents.values()) {
    const made = table.rowOf(doc, key);
    if (made === undefined) continue;
    if (!table.summed) return made;
    row = row === undefined ? made : plus(row, made, measures);
  }
  return row;
}

/**
 * `1f0a...,20` as the key of a table whose key has two columns: the text up to the first comma, and the rest. Throws InvalidValue
 * `invalid-key`.
 */
export function rowKeyOf({ name, key }: Readable, text: string): RowKey {
  const parts = text.split(',');
  const last = parts.splice(key.length - 1).join(',');
  if (parts.length < key.length - 1 || last === '')
    throw new InvalidValue(
      'invalid-key',
      `A row of ${name} is named by ${key.join(',')}, not by ${shown(text)}`,
      'key',
    );
  return Object.fromEntries([...parts, last].map((part, at) => [key[at] ?? '', part]));
}
