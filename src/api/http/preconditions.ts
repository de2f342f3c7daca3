import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Revision } from '../../events/envelope.ts';
import { canonicalJson } from '../../values/canonical-json.ts';
import { sha256Hex } from '../../values/digest.ts';
import { Problem } from '../problems.ts';

/** Idempotency-Key, If-Match and ETag (RFC 9110; draft-ietf-httpapi-idempotency-key-header). */

/** Documentation only; read below. */
export const idempotencyHeaders = Type.Object({
  'Idempotency-Key': Type.String({
    description:
      'New for every command, the same for every repeat of it: a repeat changes nothing and is answered alike.',
    minLength: 1,
    maxLength: 255,
  }),
});

export const commandHeaders = Type.Object({
  ...idempotencyHeaders.properties,
  'If-Match': Type.String({
    description: 'The ETag of the order you decided on, or `*` for any version.',
    minLength: 1,
    maxLength: 64,
  }),
});

const visible = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/** The key, bare or quoted. Throws missing-idempotency-key, malformed-idempotency-key. */
export function idempotencyKeyOf(request: FastifyRequest): string {
  const header = request.headers['idempotency-key'];
  if (header === undefined || header === '') {
    throw new Problem('missing-idempotency-key', { detail: 'A command needs a header Idempotency-Key.' });
  }
  const text = String(header);
  const bare = text.startsWith('"') && text.endsWith('"') && text.length > 2 ? text.slice(1, -1) : text;
  if (!visible.test(bare))
    throw new Problem('malformed-idempotency-key', { detail: 'Idempotency-Key has no usable value.' });
  return bare;
}

/** Revision that the caller decided on; undefined for `*`. Throws missing-if-match, malformed-if-match. */
export function ifMatchOf(request: FastifyRequest): Revision | undefined {
  const header = request.headers['if-match'];
  if (header === undefined || header === '') {
    throw new Problem('missing-if-match', { detail: 'A command on an order needs a header If-Match.' });
  }
  if (header === '*') return undefined;
  const revision = /^"(\d{1,9})"$/.exec(header)?.[1];
  if (revision === undefined)
    throw new Problem('malformed-if-match', { detail: 'If-Match is not one strong entity tag.' });
  return Number(revision);
}

export const etagOf = (revision: Revision): string => `"${revision}"`;

/** True when the caller has this revision already (If-None-Match), so that 304 is enough. */
export function unchanged(request: FastifyRequest, reply: FastifyReply, revision: Revision): boolean {
  const etag = etagOf(revision);
  reply.header('etag', etag);
  return matches(request.headers['if-none-match'], etag);
}

/** Whether If-None-Match names the entity tag; weak tags count too (RFC 9110 13.1.2). */
export const matches = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch !== undefined &&
  (ifNoneMatch === '*' || ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag));

/** SHA-256 of what was asked: the same key with another route, order or body is another command. */
export const bodyHashOf = (route: string, target: string, body: unknown): string =>
  sha256Hex(canonicalJson([route, target, body ?? null]));
