import {
  Bool,
  type Data,
  DateDay,
  Dictionary,
  Float64,
  Int32,
  makeData,
  TimestampMillisecond,
  Utf8,
  Vector,
} from 'apache-arrow';
import { type Column, nullDay } from '../../table.ts';

/**
 * Columns as Arrow buffers, written by hand: builders are fifty times slower, and those of timestamps round or refuse
 * fractions of a second.
 */

export type ArrowType = TimestampMillisecond | DateDay | Float64 | Int32 | Bool | Utf8 | Dictionary<Utf8, Int32>;

/** `id` names the dictionary of a word column: fixed, so that all batches share one. */
export function arrowType(column: Column, id: number): ArrowType {
  switch (column.kind) {
    case 'instant':
      return new TimestampMillisecond('UTC');
    case 'day':
      return new DateDay();
    case 'number':
      return new Float64();
    case 'count':
      return new Int32();
    case 'flag':
      return new Bool();
    case 'word':
      return new Dictionary(new Utf8(), new Int32(), id, false);
    case 'text':
      return new Utf8();
  }
}

export const dictionaryOf = (words: readonly string[]): Vector<Utf8> => new Vector([textData(new Utf8(), words)]);

/** The first `rows` values of a column. A column of words also needs its dictionary. */
export function arrowData(type: ArrowType, column: Column, rows: number, dictionary?: Vector<Utf8>): Data {
  const made = <Type extends ArrowType>(of: Type) => ({ type: of, length: rows });
  switch (column.kind) {
    case 'instant': {
      const { values } = column;
      const nulls = nullsOf(rows, (row) => Number.isNaN(values[row]));
      return makeData({ ...made(type as TimestampMillisecond), data: int64Of(values, rows), ...nulls });
    }
    case 'day': {
      const { values } = column;
      return makeData({
        ...made(type as DateDay),
        data: values.subarray(0, rows),
        ...nullsOf(rows, (row) => values[row] === nullDay),
      });
    }
    case 'number': {
      const { values } = column;
      const nulls = nullsOf(rows, (row) => Number.isNaN(values[row]));
      return makeData({ ...made(type as Float64), data: values.subarray(0, rows), ...nulls });
    }
    case 'count':
      return makeData({ ...made(type as Int32), data: column.values.subarray(0, rows), nullCount: 0 });
    case 'flag': {
      const { values } = column;
      const data = bits(rows, (row) => values[row] === 1);
      return makeData({ ...made(type as Bool), data, ...nullsOf(rows, (row) => values[row] === 2) });
    }
    case 'word': {
      const { values } = column;
      return makeData({
        ...made(type as Dictionary<Utf8, Int32>),
        data: values.subarray(0, rows),
        dictionary: dictionary ?? dictionaryOf(column.words),
        ...nullsOf(rows, (row) => (values[row] ?? -1) < 0),
      });
    }
    case 'text':
      return textData(type as Utf8, column.values.slice(0, rows));
  }
}

function bits(rows: number, set: (row: number) => boolean): Uint8Array {
  const bitmap = new Uint8Array((rows + 7) >> 3);
  for (let row = 0; row < rows; row += 1) if (set(row)) bitmap[row >> 3] = (bitmap[row >> 3] ?? 0) | (1 << (row & 7));
  return bitmap;
}

/** A bitmap only where there is a null. */
function nullsOf(rows: number, isNull: (row: number) => boolean): { nullCount: number; nullBitmap?: Uint8Array } {
  let nullCount = 0;
  for (let row = 0; row < rows; row += 1) if (isNull(row)) nullCount += 1;
  return nullCount === 0 ? { nullCount } : { nullCount, nullBitmap: bits(rows, (row) => !isNull(row)) };
}

/** Whole milliseconds as 64-bit integers, low and high halves: three times as fast as BigInt. NaN becomes 0. */
function int64Of(values: Float64Array, rows: number): BigInt64Array {
  const halves = new Int32Array(rows * 2);
  for (let row = 0; row < rows; row += 1) {
    const value = values[row] ?? 0;
    const high = Math.floor(value / 0x1_0000_0000);
    halves[row * 2] = (value - high * 0x1_0000_0000) | 0;
    halves[row * 2 + 1] = high;
  }
  return new BigInt64Array(halves.buffer);
}

function textData(type: Utf8, texts: readonly (string | null)[]): Data<Utf8> {
  const valueOffsets = new Int32Array(texts.length + 1);
  const all = Buffer.from(texts.map((text) => text ?? '').join(''), 'utf8');
  let end = 0;
  for (let row = 0; row < texts.length; row += 1) {
    end += Buffer.byteLength(texts[row] ?? '', 'utf8');
    valueOffsets[row + 1] = end;
  }
  const nulls = nullsOf(texts.length, (row) => texts[row] === null || texts[row] === undefined);
  return makeData({ type, length: texts.length, valueOffsets, data: all, ...nulls });
}
