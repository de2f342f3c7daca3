import type { Position } from '../../events/envelope.ts';
import type { ChangeColumns } from '../facts/changes/change-columns.ts';

const positionOf = ({ position: { offsets, bytes } }: ChangeColumns, row: number): Position =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', offsets[row], offsets[row + 1]);

/** Of an event, by its number in the log. */
export const positionAt = (columns: ChangeColumns, event: number): Position =>
  positionOf(columns, event - columns.first);

/** Events of the log up to a position, itself included: positions of one log compare as strings. */
export function countUpTo(columns: ChangeColumns, position: Position): number {
  let [low, high] = [0, columns.events];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (positionOf(columns, middle) <= position) low = middle + 1;
    else high = middle;
  }
  return columns.first + low;
}
