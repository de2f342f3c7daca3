import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Position } from '../../events/envelope.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { Problem } from '../problems.ts';
import { checkpointOf } from './checkpoints.ts';

/** Read your writes: commands answer with their log position, reads may ask for at least that position. */

export const positionHeader = 'orderfold-position';

/** Documentation only; read below. */
export const readHeaders = Type.Object({
  'Orderfold-Min-Position': Type.Optional(
    Type.String({ description: 'Answer only when the read model has seen this log position.', maxLength: 64 }),
  ),
  Prefer: Type.Optional(
    Type.String({ description: 'wait=<seconds>: how long to wait for it (RFC 7240).', maxLength: 200 }),
  ),
});

/** As every log writes them: parts of 20 digits, so that they sort as text. Anything shorter would never be reached. */
const shape = /^\d{20}(?:[:/]\d{20})?$/;
const defaultWaitSeconds = 2;

/** The position as a token, checked for shape. Throws malformed-position. */
export function positionOf(text: string): Position {
  if (!shape.test(text))
    throw new Problem('malformed-position', { detail: 'This is not a position that the service gave out.' });
  return text;
}

/** Of a stream that takes up where an earlier one ended. */
export const liveHeaders = Type.Object({
  'Last-Event-ID': Type.Optional(
    Type.String({ description: 'Position of the last event seen: goes on after it', maxLength: 64 }),
  ),
});

/**
 * The `Last-Event-ID` of a stream; undefined when there is none, or when the log is not so far: then it is the position of
 * a log that was here before, and the stream begins anew. Throws malformed-position.
 */
export async function lastSeen(deps: ApiDependencies, request: FastifyRequest): Promise<Position | undefined> {
  const header = request.headers['last-event-id'];
  if (header === undefined || header === '') return undefined;
  const seen = positionOf(String(header));
  const head = await deps.log.head();
  return head === 'start' || seen > head ? undefined : seen;
}

/** Resolves when the projection has seen the wanted position; undefined (no promise) when none is wanted. */
export function minPosition(
  deps: ApiDependencies,
  request: FastifyRequest,
  projection: string,
): Promise<void> | undefined {
  const header = request.headers['orderfold-min-position'];
  if (header === undefined) return undefined;
  return awaitPosition(
    deps,
    positionOf(String(header)),
    projection,
    waitMs(deps.settings.maxWaitMs, request.headers.prefer),
  );
}

async function awaitPosition(
  deps: ApiDependencies,
  wanted: Position,
  projection: string,
  timeoutMs: number,
): Promise<void> {
  if (await deps.runner.waitFor(wanted, { projection, timeoutMs })) return;
  throw new Problem('projection-lagging', {
    detail: `The read model ${projection} has not seen the wanted position within ${timeoutMs / 1000} s.`,
    headers: { 'retry-after': '1' },
    members: { wantedPosition: wanted, currentPosition: checkpointOf(deps.runner, projection) ?? null },
  });
}

/** For answers from a whole read model: how far it was when it was asked. */
export function tellPosition(deps: ApiDependencies, reply: FastifyReply, projection: string): void {
  const position = checkpointOf(deps.runner, projection);
  if (position !== undefined && position !== 'start') reply.header(positionHeader, position);
}

/** `Prefer: wait=<seconds>` in milliseconds; 2 s if left out. */
export function waitMs(longest: number, prefer: string | string[] | undefined): number {
  const seconds = /(?:^|[,;\s])wait=(\d{1,6})(?:$|[,;\s])/.exec(String(prefer ?? ''))?.[1];
  return Math.min(seconds === undefined ? defaultWaitSeconds * 1000 : Number(seconds) * 1000, longest);
}
