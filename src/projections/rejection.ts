import { sqlState } from '../database/errors.ts';
import { causeOf } from './quarantine/parked.ts';

/** The database, or the rendering of rows, refuses what a projection made of a batch. */
export class RejectedRows extends Error {
  override readonly name = 'RejectedRows';
  readonly projection: string;
  constructor(projection: string, cause: unknown) {
    super(`The rows of projection ${projection} were rejected: ${causeOf(cause)}`, { cause });
    this.projection = projection;
  }
}

/** An event that cannot be folded, where nothing may be left out. */
export class PoisonEvent extends Error {
  override readonly name = 'PoisonEvent';
  readonly code = 'poison-event';
  readonly stream: string;
  constructor(projection: string, stream: string, cause: unknown) {
    super(`Projection ${projection} cannot fold stream ${stream}: ${causeOf(cause)}`, { cause });
    this.stream = stream;
  }
}

/**
 * SQLSTATE classes that say "this value cannot be stored", so that trying again cannot help: 21 cardinality, 22 data,
 * 23 constraint, 42804 datatype, 54 program limit.
 */
export const isRejection = (error: unknown): boolean => /^(21|22|23|42804|54)/.test(sqlState(error) ?? '');
