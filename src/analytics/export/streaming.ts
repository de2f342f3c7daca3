import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { Source } from './extract.ts';
import type { Format } from './formats.ts';

/**
 * The bytes of a table, made as they are read: while nobody reads, nothing is made, and at most two pieces are held.
 * Between two pieces everybody else gets a turn.
 */
export const streamed = (source: Source, format: Format): Readable =>
  Readable.from(inTurns(format.write(source)), { objectMode: false, highWaterMark: 1 });

async function* inTurns<Piece>(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece> {
  for await (const piece of pieces) {
    yield piece;
    await turn();
  }
}
