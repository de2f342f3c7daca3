import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { fakeApi } from '../support/fakeApi.ts';

function recorder() {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { logger: pino({ level: 'trace' }, stream), written: () => text };
}

it('nothing secret is written, whatever goes wrong, even by a logger that redacts nothing', async () => {
  const { logger, written } = recorder();
  const fake = await fakeApi({
    logger,
    orders: {
      statusJson: async () => {
        throw new Error('broken inside');
      },
      search: async () => ({ items: [] }),
      changedSince: async () => [],
    },
  });
  const key = fake.keyFor('admin');
  const secret = key.slice(-43);
  const headers = {
    authorization: `Bearer ${key}`,
    cookie: 'sid=cookie-secret',
    'idempotency-key': 'k',
    'if-match': '*',
  };
  await fake.app.inject({ url: '/v1/orders/1', headers });
  await fake.app.inject({ url: '/v1/orders?customerPo=po-secret', headers });
  await fake.app.inject({ url: '/v1/orders', headers: { authorization: `Bearer ${key}x` } });
  await fake.app.inject({ url: `/v1/nothing?key=${key}`, headers });
  const note = { reason: { code: 'x', text: 'body-secret' } };
  await fake.app.inject({ method: 'POST', url: '/v1/orders/1/accept', headers, payload: note });
  await fake.app.inject({ method: 'POST', url: '/v1/orders', headers, payload: '{"customerId":"body-secret' });
  const denied = fake.keyFor('auditor');
  await fake.app.inject({
    method: 'POST',
    url: '/v1/orders',
    headers: { authorization: `Bearer ${denied}` },
    payload: {},
  });
  await fake.app.close();

  expect(written()).toContain('broken inside');
  expect(written()).toContain('"denied"');
  for (const word of [secret, denied.slice(-43), 'cookie-secret', 'po-secret', 'body-secret']) {
    expect(written(), word).not.toContain(word);
  }
});

it('failed and slow requests are logged with their trace, good ones are not', async () => {
  const { logger, written } = recorder();
  logger.level = 'info';
  const fake = await fakeApi({
    logger,
    orders: {
      statusJson: () => Promise.reject(new Error('x')),
      search: async () => ({ items: [] }),
      changedSince: async () => [],
    },
  });
  const authorization = `Bearer ${fake.keyFor('admin')}`;
  await fake.app.inject({ url: '/v1/orders', headers: { authorization } });
  expect(written()).not.toContain('/v1/orders');
  const failed = await fake.app.inject({ url: '/v1/orders/1', headers: { authorization } });
  await fake.app.close();
  const lines = written()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ traceId }) => traceId)).toEqual(lines.map(() => failed.json().traceId));
  expect(lines.at(-1)).toMatchObject({ msg: 'request failed', route: '/v1/orders/:id', status: 500 });
});

it('a caller that hangs up in the middle of its body is logged as no failure of ours', async () => {
  const { logger, written } = recorder();
  const fake = await fakeApi({ logger });
  const address = await fake.app.listen({ port: 0, host: '127.0.0.1' });
  const caller = connect(Number(new URL(address).port), '127.0.0.1');
  const head = `POST /v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${fake.keyFor('admin')}\r\n`;
  caller.write(`${head}Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{"customerId":`);
  const [request] = (await once(fake.app.server, 'request')) as [IncomingMessage];
  await once(request, 'data');
  caller.destroy();
  while (!written().includes('"status"')) await turn();
  const line = written().trim().split('\n').at(-1) ?? '';
  expect(JSON.parse(line)).toMatchObject({ msg: 'request', status: 400 });
  expect(written()).not.toContain('database-unavailable');
  await fake.app.close();
});
