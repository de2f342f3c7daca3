import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { negotiated } from '../../analytics/export/accept.ts';
import { rowsOf } from '../../analytics/export/extract.ts';
import { type Format, formats } from '../../analytics/export/formats.ts';
import { ParquetMissing } from '../../analytics/export/parquet.ts';
import type { Selected } from '../../analytics/export/selection.ts';
import { streamed } from '../../analytics/export/streaming.ts';
import { Problem } from '../problems.ts';

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

/** Answers with an extract, as fast as it is read. The headers say how many rows come, and how many there would be. */
export function sendExtract(
  request: FastifyRequest,
  reply: FastifyReply,
  extract: Selected,
  format: Format,
): FastifyReply {
  const { name } = extract.table;
  reply.header('content-type', format.contentType);
  reply.header('orderfold-rows', String(rowsOf(extract)));
  reply.header('orderfold-rows-fitting', String(extract.fitting));
  if (format.name !== 'json') reply.header('content-disposition', `attachment; filename="${name}.${format.name}"`);
  // What a HEAD would be answered with is not made.
  return reply.send(request.method === 'HEAD' ? Readable.from([]) : streamed(extract, format));
}
