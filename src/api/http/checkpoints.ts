import { auditTime, defer, EMPTY, filter, firstValueFrom, fromEvent, map, merge, of, race, timer } from 'rxjs';
import type { Position } from '../../events/envelope.ts';
import type { ProjectionProgress } from '../dependencies.ts';

interface Patience {
  /** The checkpoint before the last look: a move since then counts, so that none is missed in between. */
  readonly since: Position | 'start' | undefined;
  readonly gatherMs: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** True when the projection moved on, a little after it did; false after the time-out or when the signal aborts. */
export function nextCheckpoint(
  runner: ProjectionProgress,
  projection: string,
  { since, gatherMs, timeoutMs, signal }: Patience,
): Promise<boolean> {
  const already = defer(() => (checkpointOf(runner, projection) === since ? EMPTY : of(true)));
  const later = runner.checkpoints.pipe(filter((checkpoint) => checkpoint.projection === projection));
  const moved = merge(already, later).pipe(
    auditTime(gatherMs),
    map(() => true),
  );
  const over = merge(timer(timeoutMs), signal.aborted ? of(0) : fromEvent(signal, 'abort')).pipe(map(() => false));
  return firstValueFrom(race(moved, over));
}

/** How far the projection is; undefined when there is no such projection here. */
export function checkpointOf(runner: ProjectionProgress, projection: string): Position | 'start' | undefined {
  return runner.states().find((state) => state.name === projection)?.position;
}
