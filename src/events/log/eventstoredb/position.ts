import type { Position } from '../../envelope.ts';

/** A place in `$all` as the server counts it. */
export interface AllPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

const width = 20;
const shape = /^(\d{20})\/(\d{20})$/;

/** `commit/prepare`, each padded to 20 digits (the widest uint64), so that later positions are greater as strings. */
export function encodePosition({ commit, prepare }: AllPosition): Position {
  return `${commit.toString().padStart(width, '0')}/${prepare.toString().padStart(width, '0')}`;
}

/** Throws RangeError for a string that `encodePosition` did not make, for example a position of another log. */
export function decodePosition(position: Position): AllPosition {
  const [, commit, prepare] = shape.exec(position) ?? [];
  if (!commit || !prepare) {
    throw new RangeError(
      `"${position}" is not a position of an EventStoreDB log. Positions of one log mean nothing in another: rebuild the read models after moving to another log.`,
    );
  }
  return { commit: BigInt(commit), prepare: BigInt(prepare) };
}
