import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Analytics } from '../../analytics/engine.ts';
import type { AsOf } from '../../analytics/query/answer.ts';
import type { Position } from '../../events/envelope.ts';
import { canonicalJson } from '../../values/canonical-json.ts';
import { sha256Hex } from '../../values/digest.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { positionHeader, positionOf, waitMs } from '../http/positions.ts';
import { matches } from '../http/preconditions.ts';
import { Problem } from '../problems.ts';

/** How an analytic answer tells what it was made from, and when a copy of it may be used again. */

/** Resolves when the facts show the wanted position. Throws malformed-position, projection-lagging. */
export async function factsReach({ analytics, settings }: ApiDependencies, request: FastifyRequest): Promise<void> {
  const header = request.headers['orderfold-min-position'];
  if (header === undefined) return;
  const wanted = positionOf(String(header));
  const timeoutMs = waitMs(settings.maxWaitMs, request.headers.prefer);
  if (await analytics.waitFor(wanted, { timeoutMs })) return;
  throw new Problem('projection-lagging', {
    detail: `The facts have not seen the wanted position within ${timeoutMs / 1000} s.`,
    headers: { 'retry-after': '1' },
    members: { wantedPosition: wanted, currentPosition: analytics.position },
  });
}

export interface Asked {
  /** Everything that decides the answer, apart from what has happened: question, format, role. */
  readonly question: unknown;
  readonly asOf?: AsOf | undefined;
}

/** Names an answer: the position it was made from and what was asked, with the definitions of this release. */
export function etagOf(analytics: Analytics, position: Position | 'start', { question }: Asked): string {
  const versions = analytics.kpis.map(({ id, version }) => `${id}@${version}`);
  return `"${position}-${sha256Hex(canonicalJson([question, versions])).slice(0, 16)}"`;
}

/** Sends what must stand in the headers of every answer. */
export function tellMoment(reply: FastifyReply, position: Position | 'start', etag: string, { asOf }: Asked): void {
  reply.header('etag', etag).header('vary', 'accept, accept-encoding, authorization');
  if (position !== 'start') reply.header(positionHeader, position);
  if (asOf && 'position' in asOf) reply.header('cache-control', 'private, max-age=86400, immutable');
}

/** True when the caller has the answer already, so that 304 is enough and nothing need be computed. */
export const hasAlready = (request: FastifyRequest, etag: string): boolean =>
  matches(request.headers['if-none-match'], etag);
