import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { fakeApi } from '../../support/fakeApi.ts';

it('nothing is read for a connection whose reader does not read', async () => {
  let looks = 0;
  const json = JSON.stringify({ filler: 'x'.repeat(20_000) });
  const fake = await fakeApi({
    orders: {
      statusJson: async () => undefined,
      search: async () => ({ items: [] }),
      // More than any socket takes: every look finds a full page.
      changedSince: async (_position, { limit }) => {
        looks += 1;
        return Array.from({ length: limit }, () => ({
          json,
          orderId: 'o',
          customerId: 'c',
          revision: 0,
          position: '1',
        }));
      },
    },
  });
  const connected = once(fake.app.server, 'connection');
  const address = await fake.app.listen({ port: 0, host: '127.0.0.1' });
  const reader = connect(Number(new URL(address).port), '127.0.0.1');
  reader.write(`GET /v1/orders/live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${fake.keyFor('admin')}\r\n\r\n`);
  const [socket] = (await connected) as [Socket];

  let still = 0;
  for (let before = -1; still < 200; await turn()) {
    still = looks === before && socket.writableNeedDrain ? still + 1 : 0;
    before = looks;
  }
  expect(looks).toBeGreaterThan(0);
  expect(socket.writableLength).toBeLessThan(1_000_000);
  reader.destroy();
  await fake.app.close();
});
