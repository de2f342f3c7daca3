import type { FactColumn, Texts } from '../facts/columns.ts';
import { perUnit } from '../facts/exact.ts';
import { nullDay } from '../table.ts';

/** Rows are worked through in slices that fit the cache; a vector holds one column of a slice, null as NaN. */
export const sliceRows = 8_192;
export type Vector = Float64Array;
export const vector = (): Vector => new Float64Array(sliceRows);

export function* slicesOf(rows: number): Generator<readonly [from: number, to: number]> {
  for (let from = 0; from < rows; from += sliceRows) yield [from, Math.min(rows, from + sliceRows)];
}

/** A column at the grain of a question: its own, or one of the line or order above through `via`. */
export interface Reach<C = Exclude<FactColumn, Texts>> {
  readonly column: C;
  readonly via: Int32Array | null;
}

export type Numeric = Exclude<FactColumn, Texts>;

/** Writes rows `from` to `to` (exclusive) of the column into the vector, as numbers with NaN for null. */
export function read({ column, via }: Reach<Numeric>, from: number, to: number, out: Vector): void {
  const rows = to - from;
  switch (column.kind) {
    case 'instant':
    case 'number':
      readDoubles(column.values, via, from, rows, out);
      return;
    case 'amount':
      readDoubles(column.values, via, from, rows, out);
      for (let i = 0; i < rows; i += 1) out[i] = (out[i] as number) / perUnit;
      return;
    case 'flag':
      readWithNull(column.values, via, from, rows, out, 2);
      return;
    default:
      readWithNull(column.values, via, from, rows, out, column.kind === 'day' ? nullDay : -1);
  }
}

/** The rows themselves where they lie as numbers already, else read into the vector. Only to be read. */
export function view(reach: Reach<Numeric>, from: number, to: number, into: Vector): Vector {
  const { column, via } = reach;
  if (via === null && (column.kind === 'instant' || column.kind === 'number')) return column.values.subarray(from, to);
  read(reach, from, to, into);
  return into;
}

function readDoubles(values: Float64Array, via: Int32Array | null, from: number, rows: number, out: Vector): void {
  if (via) for (let i = 0; i < rows; i += 1) out[i] = values[via[from + i] as number] as number;
  else out.set(values.subarray(from, from + rows));
}

function readWithNull(
  values: Int32Array | Uint8Array,
  via: Int32Array | null,
  from: number,
  rows: number,
  out: Vector,
  absent: number,
): void {
  if (via)
    for (let i = 0; i < rows; i += 1) {
      const value = values[via[from + i] as number] as number;
      out[i] = value === absent ? Number.NaN : value;
    }
  else
    for (let i = 0; i < rows; i += 1) {
      const value = values[from + i] as number;
      out[i] = value === absent ? Number.NaN : value;
    }
}
