import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { negotiated } from '../../analytics/export/accept.ts';
import type { Extract } from '../../analytics/export/extract.ts';
import { type Format, formats } from '../../analytics/export/formats.ts';
import { ParquetMissing } from '../../analytics/export/parquet.ts';
import type { Spooled } from '../../analytics/export/spools.ts';
import { streamed } from '../../analytics/export/streaming.ts';
import type { Position } from '../../events/envelope.ts';
import { type Coding, codingOf, encoded } from '../http/encoding.ts';
import { Problem } from '../problems.ts';
import { sendBytes } from './range.ts';

/** Tables on their way out, in the format that the client wants. */

const offered = formats.map(({ media, name }) => `${media} (${name})`);

export const FormatName = Type.Enum(
  formats.map(({ name }) => name),
  { description: 'Format, for clients that cannot set Accept' },
);

/** By `?format=`, else by Accept. Throws not-acceptable, format-not-installed. */
export async function formatFor(request: FastifyRequest, name: string | undefined): Promise<Format> {
  const format =
    name === undefined ? negotiated(request.headers.accept, formats) : formats.find((one) => one.name === name);
  if (!format) {
    throw new Problem('not-acceptable', {
      detail: `There are ${offered.join(', ')}.`,
      members: { offered: formats.map(({ media }) => media) },
    });
  }
  try {
    await format.prepare?.();
  } catch (error) {
    if (error instanceof ParquetMissing) throw new Problem('format-not-installed', { detail: error.message });
    throw error;
  }
  return format;
}

/**
 * What the bytes travel in. Parts of a range are parts of the plain bytes, and Parquet is compressed already. Throws
 * not-acceptable.
 */
export function codingFor({ headers }: FastifyRequest, format?: Format): Coding {
  const accepted = headers['accept-encoding'];
  const plain = format?.name === 'parquet' || headers.range !== undefined;
  const coding = (plain ? codingOf(accepted, ['identity']) : undefined) ?? codingOf(accepted);
  if (coding !== undefined) return coding;
  throw new Problem('not-acceptable', { detail: 'There are the content codings br, gzip and identity.' });
}

/** Answers with bytes whose number is not known. */
export function sendStream(
  request: FastifyRequest,
  reply: FastifyReply,
  bytes: () => Readable,
  coding: Coding,
): FastifyReply {
  if (coding !== 'identity') reply.header('content-encoding', coding);
  return reply.send(request.method === 'HEAD' ? Readable.from([]) : encoded(bytes(), coding));
}

/** What is said of a table beside its bytes. */
export interface Told {
  readonly name: string;
  readonly rows: number;
  /** Rows that there would be without any limit. */
  readonly fitting: number;
  readonly position: Position | 'start';
  readonly etag: string;
}

function tellTable(
  reply: FastifyReply,
  { name, rows, fitting }: Pick<Told, 'name' | 'rows' | 'fitting'>,
  format: Format,
): void {
  reply.header('content-type', format.contentType);
  reply.header('orderfold-rows', String(rows));
  reply.header('orderfold-rows-fitting', String(fitting));
  if (format.name !== 'json') reply.header('content-disposition', `attachment; filename="${name}.${format.name}"`);
}

/** Answers with a small table, made as it is read. */
export function sendTable(
  request: FastifyRequest,
  reply: FastifyReply,
  extract: Extract,
  format: Format,
): FastifyReply {
  const { name, rows } = extract.table;
  tellTable(reply, { name, rows, fitting: rows }, format);
  return sendStream(request, reply, () => streamed(extract, format), 'identity');
}

/** What is made within this time has a length in its headers, and may be asked for by range. */
const patienceMs = 50;

/** Answers with a table of any size: from its end if it is made already, else while it is being made. */
export async function sendSpooled(
  request: FastifyRequest,
  reply: FastifyReply,
  { spool, told }: Spooled<Told>,
  format: Format,
  coding: Coding,
): Promise<FastifyReply> {
  // A Parquet file is read from its end, and HEAD is asked for the length, which only plain bytes have.
  const whole = coding === 'identity' && (format.name === 'parquet' || request.method === 'HEAD');
  const readable = whole ? undefined : spool.read();
  await (whole ? spool.whole() : Promise.race([spool.ended, sleep(patienceMs, undefined, { ref: false })]));
  if (spool.error !== undefined) {
    readable?.destroy();
    throw spool.error;
  }
  tellTable(reply, told, format);
  const { size } = spool;
  if (readable && (size === undefined || coding !== 'identity'))
    return sendStream(request, reply, () => readable, coding);
  readable?.destroy();
  if (size === undefined) throw new Error('What was made whole has a size');
  return sendBytes(request, reply, { etag: told.etag, size, read: (start, end) => spool.read(start, end) });
}
