import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../../support/client.ts';
import { type FakeApi, fakeApi } from '../../support/fakeApi.ts';

const name = '00000001.arrow';
const bytes = Buffer.from('ARROW1 the bytes of a sealed segment ARROW1');
const sha256 = createHash('sha256').update(bytes).digest('hex');
const segments = [{ name, from: '1', to: '9', events: 9, bytes: bytes.length, sha256, version: 1 }];
const lost = { ...segments[0], name: '00000002.arrow' } as (typeof segments)[number];

let folder: string;
let fake: FakeApi;
let auditor: ApiClient;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orderfold-segments-'));
  await writeFile(join(folder, name), bytes);
  await writeFile(join(folder, 'secret.arrow'), 'not in the manifest');
  const journal = {
    manifest: async () => ({ version: 1, segments: [...segments, lost] }),
    fileOf: (segment: string) => join(folder, segment),
  };
  fake = await fakeApi({ journal });
  auditor = new ApiClient(fake.app, fake.keyFor('auditor'));
});
afterAll(async () => {
  await fake.app.close();
  await rm(folder, { recursive: true, force: true });
});

const url = `/v1/analytics/segments/${name}`;

it('the list names each segment with digest and address', async () => {
  const answer = await auditor.get('/v1/analytics/segments');
  expect(answer.json().segments[0]).toEqual({ ...segments[0], href: url });
  expect(answer.json().events).toBe('/v1/analytics/facts/events?format=arrow&after=9');
  const again = await auditor.get('/v1/analytics/segments', { 'if-none-match': String(answer.headers.etag) });
  expect(again.statusCode).toBe(304);
});

describe('a segment', () => {
  it('comes whole, with its length and digest, and may be kept for ever', async () => {
    const answer = await auditor.get(url);
    expect(answer.rawPayload).toEqual(bytes);
    expect(answer.headers).toMatchObject({
      etag: `"${sha256}"`,
      'content-length': String(bytes.length),
      'accept-ranges': 'bytes',
      'content-type': 'application/vnd.apache.arrow.file',
    });
    expect(answer.headers['cache-control']).toContain('immutable');
    expect((await auditor.get(url, { 'if-none-match': `"${sha256}"` })).statusCode).toBe(304);
  });

  it('tells its length for HEAD', async () => {
    const headers = { authorization: `Bearer ${fake.keyFor('auditor')}` };
    const answer = await fake.app.inject({ method: 'HEAD', url, headers });
    expect([answer.statusCode, answer.body, answer.headers['content-length']]).toEqual([200, '', String(bytes.length)]);
  });

  it.each([
    ['bytes=0-5', 0, 6],
    ['bytes=7-', 7, bytes.length],
    ['bytes=-6', bytes.length - 6, bytes.length],
    ['bytes=40-9999', 40, bytes.length],
    ['bytes=-9999', 0, bytes.length],
  ])('comes in part: %s', async (range, from, to) => {
    const answer = await auditor.get(url, { range });
    expect(answer.statusCode).toBe(206);
    expect(answer.rawPayload).toEqual(bytes.subarray(from, to));
    expect(answer.headers).toMatchObject({
      'content-range': `bytes ${from}-${to - 1}/${bytes.length}`,
      'content-length': String(to - from),
    });
  });

  it.each(['bytes=5-2', 'bytes=-', 'bytes=0-1,4-5', 'lines=1-2', 'bytes=a-b'])(
    'comes whole where %s is no range',
    async (range) => {
      expect((await auditor.get(url, { range })).statusCode).toBe(200);
    },
  );

  it('comes whole where a part of another version is wanted', async () => {
    const part = { range: 'bytes=0-5', 'if-range': '"other"' };
    expect((await auditor.get(url, part)).statusCode).toBe(200);
    expect((await auditor.get(url, { ...part, 'if-range': `"${sha256}"` })).statusCode).toBe(206);
  });

  it.each([`bytes=${bytes.length}-`, 'bytes=-0'])('has no bytes in %s', async (range) => {
    const answer = await auditor.get(url, { range });
    expect([answer.statusCode, answer.json().code]).toEqual([416, 'range-not-satisfiable']);
    expect(answer.headers['content-range']).toBe(`bytes */${bytes.length}`);
  });

  it.each(['secret.arrow', '..%2f..%2fetc%2fpasswd', '00000002.arrow'])('%s is not there', async (other) => {
    expect((await auditor.get(`/v1/analytics/segments/${other}`)).statusCode).toBe(404);
  });

  it('is for auditors and admins: it tells who acted', async () => {
    const analyst = new ApiClient(fake.app, fake.keyFor('analyst'));
    expect((await analyst.get(url)).statusCode).toBe(403);
    expect((await new ApiClient(fake.app, fake.keyFor('admin')).get(url)).statusCode).toBe(200);
  });
});
