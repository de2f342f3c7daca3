import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../problems.ts';

/** Range requests, RFC 9110 14: one range of bytes. Several at once are answered with everything, as the RFC allows. */

export interface ByteRange {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

/** Undefined: everything is wanted, or the representation that a part is wanted of has changed (If-Range). */
export function rangeOf(
  header: string | undefined,
  ifRange: string | string[] | undefined,
  etag: string,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (ifRange !== undefined && ifRange !== etag) return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= size ? 'unsatisfiable' : { start, end };
}

export interface Bytes {
  readonly etag: string;
  readonly size: number;
  /** Both ends inclusive. */
  readonly read: (start: number, end: number) => Readable;
}

/** Answers with bytes whose number is known, or with the part that is wanted. Throws range-not-satisfiable. */
export function sendBytes(request: FastifyRequest, reply: FastifyReply, { etag, size, read }: Bytes): FastifyReply {
  const range = rangeOf(request.headers.range, request.headers['if-range'], etag, size);
  reply.header('accept-ranges', 'bytes');
  if (range === 'unsatisfiable') {
    throw new Problem('range-not-satisfiable', {
      detail: `There are ${size} bytes.`,
      headers: { 'content-range': `bytes */${size}` },
    });
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  reply.header('content-length', String(end - start + 1));
  if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${size}`);
  return reply.send(request.method === 'HEAD' || size === 0 ? Readable.from([]) : read(start, end));
}
