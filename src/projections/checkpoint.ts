import type { Queryable } from '../database/database.ts';
import type { Position } from '../events/envelope.ts';
import type { Generation } from './registry.ts';

export const checkpointChannel = 'orderfold_checkpoint';

/** Another runner moved the checkpoint, or the generation was switched or repaired: everything held in memory is stale. */
export class CheckpointMoved extends Error {
  override readonly name = 'CheckpointMoved';
}

/** Later positions are greater; nothing is before 'start'. */
export const isAfter = (position: Position | 'start', other: Position | 'start'): boolean =>
  position !== 'start' && (other === 'start' || position > other);

export const earliest = (positions: readonly (Position | 'start')[]): Position | 'start' =>
  positions.reduce((least, position) => (isAfter(least, position) ? position : least), positions[0] ?? 'start');

const shapeOf = (position: string): string => position.replace(/\d/g, '0');

/** True for a position that the log with this head never gave out: it was moved or restored. Ask for the head last. */
export const isOfAnotherLog = (position: Position | 'start', head: Position | 'start'): boolean =>
  position !== 'start' && (isAfter(position, head) || shapeOf(position) !== shapeOf(head));

// The rows are locked in one order, so that two runners wait for each other instead of deadlocking.
const moveSql = `
  with wanted as (
    select * from json_to_recordset($1::json) as w(
      projection text, generation integer, edition integer, state text, position text, count integer, first text
    )
  ), held as (
    select g.projection, g.generation, w.count, w.first from projection_generations g join wanted w
      on g.projection = w.projection and g.generation = w.generation
    where g.position = w.position and g.edition = w.edition and g.state = w.state
    order by g.projection for update of g
  )
  update projection_generations g
  set position = $2, events = g.events + held.count, first_position = coalesce(g.first_position, held.first) from held
  where g.projection = held.projection and g.generation = held.generation
  returning g.projection`;

/** Where a generation stands, and what is added to it. */
export interface Step extends Generation {
  /** Events that concern it, and the position of the first. */
  readonly count: number;
  readonly first?: Position | undefined;
}

/**
 * Compare-and-set of the checkpoints of several generations to one position, the first statement of every batch: from
 * here to commit no other runner can write these tables. Throws CheckpointMoved when any of them is not where we left it.
 */
export async function moveCheckpoints(tx: Queryable, from: readonly Step[], to: Position): Promise<void> {
  const moved = await tx.query({ name: 'projections-move', text: moveSql, values: [JSON.stringify(from), to] });
  if (moved.length !== from.length) {
    throw new CheckpointMoved(
      `The checkpoint of ${from.map((one) => one.projection).join(', ')} was moved by somebody else`,
    );
  }
}

/** Tells waiting readers, in this and other processes, at commit. */
export async function announceCheckpoints(
  tx: Queryable,
  projections: readonly string[],
  position: Position,
): Promise<void> {
  await tx.query({
    name: 'projections-announce',
    text: 'select pg_notify($1, $2)',
    values: [checkpointChannel, `${position} ${projections.join(' ')}`],
  });
}

export interface Checkpoint {
  readonly projection: string;
  readonly position: Position | 'start';
}

/** Where the generations stand that readers see. */
export async function activeCheckpoints(database: Queryable): Promise<Checkpoint[]> {
  return database.query<Checkpoint>({
    name: 'projections-active',
    text: `select projection, position from projection_generations where state = 'active' order by projection`,
  });
}
