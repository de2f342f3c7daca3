import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** Of a file, in hexadecimal digits. In pieces: a segment is never held whole. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(piece);
  return hash.digest('hex');
}
