import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import iconv from 'iconv-lite';
import { ImportFailure } from '../failure.ts';

/** Bytes to text in any encoding of iconv-lite; a byte-order mark is dropped and every line ending becomes LF. */
export async function* decodedText(bytes: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<string> {
  const decoder = iconv.getDecoder(encoding);
  const normalize = lineEndings();
  for await (const chunk of bytes) {
    const text = normalize(decoder.write(chunk));
    if (text !== '') yield text;
  }
  const rest = normalize(decoder.end() ?? '', true);
  if (rest !== '') yield rest;
}

/**
 * CRLF, CR and LF, also mixed, become LF; the last character of a chunk waits if it may be half of a CRLF.
 * It happens inside quoted cells too: that keeps line numbers true for files with bare CR.
 */
function lineEndings(): (text: string, end?: boolean) => string {
  let heldBack = '';
  return (text, end = false) => {
    const whole = heldBack + text;
    const cut = !end && whole.endsWith('\r') ? whole.length - 1 : whole.length;
    heldBack = whole.slice(cut);
    return whole.slice(0, cut).replace(/\r\n?/g, '\n');
  };
}

export const isEncoding = (name: string): boolean => iconv.encodingExists(name);

/** The bytes of a file, in chunks; `hash` sees every byte. Throws ImportFailure `file-not-readable`. */
export async function* fileBytes(path: string, hash?: Hash): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
      hash?.update(chunk);
      yield chunk;
    }
  } catch (error) {
    throw new ImportFailure([
      { code: 'file-not-readable', file: path, message: `cannot be read: ${(error as Error).message}` },
    ]);
  }
}

/** SHA-256 of a file in hex: the identity of a source. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const _ of fileBytes(path, hash));
  return hash.digest('hex');
}
