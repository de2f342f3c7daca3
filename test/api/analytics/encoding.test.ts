import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codingOf, encoded } from '../../../src/api/http/encoding.ts';
import { ApiClient } from '../../support/client.ts';
import { type FakeApi, fakeApi } from '../../support/fakeApi.ts';

let fake: FakeApi;
let auditor: ApiClient;
beforeAll(async () => {
  fake = await fakeApi();
  auditor = new ApiClient(fake.app, fake.keyFor('auditor'));
});
afterAll(() => fake.app.close());

it.each([
  [undefined, 'identity'],
  ['', 'identity'],
  ['*', 'br'],
  ['gzip, deflate, br', 'br'],
  ['gzip, deflate', 'gzip'],
  ['x-gzip', 'gzip'],
  ['GZIP;q=0.2, br;Q=0.1', 'gzip'],
  ['gzip;q=0.1, identity;q=0.9', 'identity'],
  ['zstd', 'identity'],
  ['br;q=0, gzip;q=nonsense', 'identity'],
  ['zstd, identity;q=0', undefined],
  ['*;q=0', undefined],
  ['*;q=0, gzip', 'gzip'],
])('Accept-Encoding %s is answered with %s', (header, coding) => {
  expect(codingOf(header)).toBe(coding);
});

const urls = ['/v1/analytics/facts/orders?format=csv', '/v1/analytics/facts/events?format=json', '/v1/analytics/ocel'];
const decoders = { gzip: gunzipSync, br: brotliDecompressSync } as const;

describe.each(urls)('%s', (url) => {
  it.each(['gzip', 'br'] as const)('is the same in %s, under a tag of its own', async (coding) => {
    const plain = await auditor.get(url);
    const answer = await auditor.get(url, { 'accept-encoding': coding });
    expect(decoders[coding](answer.rawPayload)).toEqual(plain.rawPayload);
    expect(answer.headers).toMatchObject({
      'content-encoding': coding,
      'content-type': plain.headers['content-type'],
      vary: expect.stringContaining('accept-encoding'),
    });
    expect(answer.headers['content-length']).toBeUndefined();
    expect(answer.headers.etag).toBe(String(plain.headers.etag).replace(/"$/, `-${coding}"`));
    const conditional = (tag: unknown) => ({ 'accept-encoding': coding, 'if-none-match': String(tag) });
    expect((await auditor.get(url, conditional(answer.headers.etag))).statusCode).toBe(304);
    expect((await auditor.get(url, conditional(plain.headers.etag))).statusCode).toBe(200);
  });

  it('tells HEAD what GET would', async () => {
    const headers = { authorization: `Bearer ${fake.keyFor('auditor')}`, 'accept-encoding': 'gzip' };
    const [head, get] = [
      await fake.app.inject({ method: 'HEAD', url, headers }),
      await fake.app.inject({ url, headers }),
    ];
    expect(head.body).toBe('');
    for (const name of ['etag', 'content-encoding', 'content-type', 'content-length', 'vary'])
      expect(head.headers[name], name).toBe(get.headers[name]);
  });

  it('is refused to who takes neither a coding nor the plain bytes', async () => {
    const answer = await auditor.get(url, { 'accept-encoding': 'zstd, identity;q=0' });
    expect([answer.statusCode, answer.json().code]).toEqual([406, 'not-acceptable']);
  });
});

it('a range is one of the plain bytes, whatever else is accepted', async () => {
  const url = urls[0] as string;
  const plain = await auditor.get(url);
  const range = { range: 'bytes=10-19', 'accept-encoding': 'gzip, br' };
  const part = await auditor.get(url, { ...range, 'if-range': String(plain.headers.etag) });
  expect([part.statusCode, part.rawPayload]).toEqual([206, plain.rawPayload.subarray(10, 20)]);
  expect(part.headers['content-encoding']).toBeUndefined();
  const other = await auditor.get(url, { ...range, 'if-range': String(plain.headers.etag).replace(/"$/, '-gzip"') });
  expect([other.statusCode, other.body]).toEqual([200, plain.body]);
});

it('Parquet is compressed already', async () => {
  const answer = await auditor.get('/v1/analytics/facts/orders?format=parquet', { 'accept-encoding': 'gzip' });
  expect(answer.headers['content-encoding']).toBeUndefined();
  expect(answer.rawPayload.subarray(0, 4).toString()).toBe('PAR1');
});

it.each(['gzip', 'br'] as const)(
  '%s is not made ahead of a client that does not read, and ends with it',
  async (coding) => {
    const made = { count: 0, ended: false };
    function* noise(): Generator<Buffer> {
      try {
        for (; made.count < 1_000; made.count += 1)
          yield Buffer.from(Array.from({ length: 65_536 }, (_, n) => (n * 7_919 * (made.count + 3)) % 251));
      } finally {
        made.ended = true;
      }
    }
    const bytes = Readable.from(noise(), { objectMode: false, highWaterMark: 1 });
    const answer = encoded(bytes, coding);
    answer.read(0);
    for (let still = 0, before = -1; still < 300; await turn()) {
      still = made.count === before ? still + 1 : 0;
      before = made.count;
    }
    expect(made.count).toBeLessThan(100);
    answer.destroy();
    while (!made.ended) await turn();
  },
);
