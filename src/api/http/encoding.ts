import { pipeline, type Readable } from 'node:stream';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';

/** Content codings, RFC 9110 8.4 and 12.5.3, for large answers on their way over a slow line. */

export type Coding = 'identity' | 'br' | 'gzip';

/** The best first, of those that a client wants equally much. */
const codings: readonly Coding[] = ['br', 'gzip', 'identity'];

/** What the client wants most; as it is when it says nothing. Undefined when it takes neither a coding of ours nor the plain bytes. */
export function codingOf(acceptEncoding: string | undefined, offered: readonly Coding[] = codings): Coding | undefined {
  if (acceptEncoding === undefined) return 'identity';
  const qualities = new Map(acceptEncoding.split(',').map(qualityOf));
  const wanted = (coding: Coding): number =>
    qualities.get(coding) ??
    (coding === 'gzip' ? qualities.get('x-gzip') : undefined) ??
    qualities.get('*') ??
    unnamed(coding);
  let best: Coding | undefined;
  for (const coding of codings) {
    if (!offered.includes(coding) || wanted(coding) <= 0) continue;
    if (best === undefined || wanted(coding) > wanted(best)) best = coding;
  }
  return best;
}

/** Without a word about it, the plain bytes are welcome where no coding is. */
const unnamed = (coding: Coding): number => (coding === 'identity' ? Number.MIN_VALUE : 0);

function qualityOf(part: string): [coding: string, quality: number] {
  const [coding = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
  const q = parameters.find((parameter) => /^q\s*=/.test(parameter))?.replace(/^q\s*=\s*/, '');
  const valid = q === undefined || /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(q);
  return [coding, valid ? Number(q ?? 1) : 0];
}

/** The entity tag of the same in a coding: other bytes, another tag. */
export const etagIn = (etag: string, coding: Coding): string =>
  coding === 'identity' ? etag : `${etag.slice(0, -1)}-${coding}"`;

/** The bytes in the coding; the fastest level, because a line is waiting. What breaks on one side ends the other. */
export function encoded(bytes: Readable, coding: Coding): Readable {
  if (coding === 'identity') return bytes;
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN } = constants;
  const encoder =
    coding === 'gzip'
      ? createGzip({ level: 1 })
      : createBrotliCompress({ params: { [BROTLI_PARAM_QUALITY]: 1, [BROTLI_PARAM_LGWIN]: 18 } });
  // Whoever reads the encoder is told what broke.
  return pipeline(bytes, encoder, () => {});
}
