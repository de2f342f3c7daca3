import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { SegmentEntry } from '../../analytics/journal/manifest.ts';
import { canonicalJson } from '../../values/canonical-json.ts';
import { sha256Hex } from '../../values/digest.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { matches } from '../http/preconditions.ts';
import { Problem } from '../problems.ts';
import { sendBytes } from './range.ts';

const Document = Type.Object({}, { additionalProperties: true });
const tags = ['analytics'];

/**
 * The sealed segments of the journal: all events with everything they carry, as Arrow files that never change. Tools fetch
 * what they need of them by range.
 */
export function segmentRoutes(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/analytics/segments',
    {
      config: { action: 'journal.read' },
      schema: { tags, summary: 'The sealed segments of the journal, with their digests', response: answers(Document) },
    },
    async (request, reply) => {
      const segments = (await deps.journal.manifest())?.segments ?? [];
      const etag = `"${sha256Hex(canonicalJson(segments)).slice(0, 32)}"`;
      reply.header('etag', etag);
      if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
      return {
        segments: segments.map((segment) => ({ ...segment, href: `/v1/analytics/segments/${segment.name}` })),
        events: eventsAfter(segments.at(-1)?.to),
      };
    },
  );
  app.get(
    '/v1/analytics/segments/:name',
    {
      config: { action: 'journal.read' },
      schema: {
        tags,
        summary: 'One segment: an Arrow file, whole or by range',
        params: Type.Object({ name: Type.String({ minLength: 1, maxLength: 80 }) }),
        response: answers(Type.Unsafe<unknown>({}), 200, arrowFile),
      },
    },
    async (request, reply) => {
      // Only what the manifest names is ever looked for on disk.
      const manifest = await deps.journal.manifest();
      const segment = manifest?.segments.find(({ name }) => name === request.params.name);
      if (!segment) throw missing();
      return sendSegment(request, reply, segment, deps.journal.fileOf(segment.name));
    },
  );
}

/** What is not sealed yet, with the columns of a segment that the table of events has. */
const eventsAfter = (position: string | undefined): string =>
  `/v1/analytics/facts/events?format=arrow${position === undefined ? '' : `&after=${position}`}`;

const arrowFile = 'application/vnd.apache.arrow.file';

const missing = (): Problem =>
  new Problem('not-found', { detail: 'There is no such segment; the list is at /v1/analytics/segments.' });

async function sendSegment(
  request: FastifyRequest,
  reply: FastifyReply,
  { sha256, bytes: size }: SegmentEntry,
  file: string,
): Promise<FastifyReply> {
  const etag = `"${sha256}"`;
  reply.headers({
    etag,
    'cache-control': 'private, max-age=31536000, immutable',
    'repr-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
  });
  if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
  // A segment that was found damaged may be away until it is written again.
  if ((await stat(file).catch(() => undefined))?.size !== size) throw missing();
  reply.header('content-type', arrowFile);
  return sendBytes(request, reply, { etag, size, read: (start, end) => createReadStream(file, { start, end }) });
}
