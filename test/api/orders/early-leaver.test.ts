import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { fakeApi } from '../../support/fakeApi.ts';

it('a client that leaves before its stream begins takes up no room', async () => {
  const gone: Promise<unknown>[] = [];
  let begun = 0;
  const fake = await fakeApi({
    settings: { maxLiveStreams: 1 },
    log: {
      // The stream begins only when the first client has left.
      head: async () => {
        begun += 1;
        await gone.shift();
        return 'start';
      },
      async *readStream() {},
    },
  });
  const address = await fake.app.listen({ port: 0, host: '127.0.0.1' });
  const authorization = `Bearer ${fake.keyFor('admin')}`;

  const connected = once(fake.app.server, 'connection');
  const leaver = connect(Number(new URL(address).port), '127.0.0.1');
  const [socket] = (await connected) as [Socket];
  gone.push(once(socket, 'close').then(() => turn()));
  leaver.write(`GET /v1/orders/live HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`);
  while (begun === 0) await turn();
  leaver.destroy();
  await once(socket, 'close');
  await turn();
  await turn();

  const leave = new AbortController();
  const { status } = await fetch(`${address}/v1/orders/live`, { headers: { authorization }, signal: leave.signal });
  expect(status).toBe(200);
  leave.abort();
  await fake.app.close();
});
