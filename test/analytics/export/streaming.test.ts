import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Format, formats } from '../../../src/analytics/export/formats.ts';
import { streamed } from '../../../src/analytics/export/streaming.ts';
import { tableOf } from '../../support/tables.ts';

const extract = { table: tableOf(1_000_000), metadata: new Map<string, string>() };

/** The format, with a count of the pieces that were made. */
function counting(format: Format): Format & { pieces: number } {
  const counted = {
    ...format,
    pieces: 0,
    write: async function* (given: Parameters<Format['write']>[0]) {
      for await (const piece of format.write(given)) {
        counted.pieces += 1;
        yield piece;
      }
    },
  };
  return counted;
}

it.each(formats)(
  '$name: hardly anything is made for a client that does not read',
  async (format) => {
    const counted = counting(format);
    const server = createServer((_request, response) => streamed(extract, counted).pipe(response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.pause();
    const connected = once(server, 'connection');
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const [socket] = await connected;

    // It has stopped when the socket is full and no piece is made for a long while of turns.
    let still = 0;
    for (let before = -1; still < 400; await turn()) {
      still = counted.pieces === before && socket.writableNeedDrain ? still + 1 : 0;
      before = counted.pieces;
    }
    const all = { json: 489, ndjson: 489, csv: 490, arrows: 100, arrow: 100, parquet: 9 }[format.name] ?? 0;
    expect(counted.pieces).toBeLessThan(all / 2);
    expect(socket.writableLength).toBeLessThan(12_000_000);
    client.destroy();
    server.closeAllConnections();
    server.close();
  },
  30_000,
);
