import { type FactColumn, Texts } from '../facts/columns.ts';
import type { Dictionary } from '../facts/dictionary.ts';
import type { FoldedFacts } from '../facts/facts.ts';
import type { TextStore } from '../facts/text-store.ts';

export const tables = ['orders', 'lines', 'schedule', 'shipments', 'holds'] as const;

type Numbers = Float64Array | Int32Array | Uint8Array;

/** One array of the facts, to be written or to be put there. */
export interface Slot {
  readonly bytesEach: 1 | 4 | 8;
  get(): Numbers;
  /** `bytes` lie at a multiple of eight in their memory, and are not used otherwise. */
  set(bytes: Buffer): void;
}

/**
 * Every array of the facts in a fixed order. To restore them, the rows must be counted and each array put in its place before
 * the next one is asked for: dictionaries tell which dimensions there are.
 */
export function* slotsOf(facts: FoldedFacts): Generator<Slot> {
  for (const dictionary of facts.dictionaries) yield* ofDictionary(dictionary);
  for (const rows of [facts.orders, facts.lines]) {
    rows.nameDimensions();
    for (const { dictionary } of rows.dimensions.values()) yield* ofDictionary(dictionary);
  }
  for (const table of tables) for (const column of facts[table].all()) yield* ofColumn(column, facts[table].count);
}

const ofDictionary = ({ texts }: Dictionary): Generator<Slot> => ofStore(texts, () => texts.length);

function* ofStore(store: TextStore, length: () => number): Generator<Slot> {
  yield {
    bytesEach: 4,
    get: () => store.offsets.subarray(0, length() + 1),
    set: (bytes) => {
      store.offsets = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
      store.length = store.offsets.length - 1;
    },
  };
  yield {
    bytesEach: 1,
    get: () => store.bytes.subarray(0, store.offsets[length()]),
    set: (bytes) => {
      store.bytes = bytes;
    },
  };
}

function* ofColumn(column: FactColumn, count: number): Generator<Slot> {
  if (column instanceof Texts) {
    yield* ofStore(column.store, () => count);
    return;
  }
  const { values } = column;
  yield {
    bytesEach: values.BYTES_PER_ELEMENT as Slot['bytesEach'],
    get: () => column.values.subarray(0, count),
    set: ({ buffer, byteOffset, length }) => {
      if (values instanceof Float64Array) column.values = new Float64Array(buffer, byteOffset, length >> 3);
      else if (values instanceof Int32Array) column.values = new Int32Array(buffer, byteOffset, length >> 2);
      else column.values = new Uint8Array(buffer, byteOffset, length);
    },
  };
}

/** Names and kinds of all columns that facts have from the beginning. */
export const layout = (facts: FoldedFacts): string =>
  tables
    .flatMap((table) =>
      Object.entries(facts[table].columns).map(([name, column]) => `${table}.${name}:${[column].flat()[0]?.kind}`),
    )
    .join(' ');
