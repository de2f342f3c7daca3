import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Child, startChild } from '../support/child.ts';
import { soak } from '../support/seed.ts';
import { slowClient } from '../support/slow-client.ts';

/** Some 40 bytes each: much more than is allowed to be held. */
const rows = soak ? 10_000_000 : 500_000;
const megabytes = 50;
const folder = mkdtempSync(join(tmpdir(), 'orderfold-slow-'));
let server: Child;
let service: { readonly url: string; readonly key: string };
let told = 0;

beforeAll(async () => {
  server = startChild(new URL('../support/export-server.ts', import.meta.url), [String(rows), folder]);
  service = JSON.parse(await server.untilLine((line) => line.startsWith('{')));
}, 60_000);
afterAll(async () => {
  await server.kill();
  await rm(folder, { recursive: true, force: true });
});

/** Megabytes, when the server has nothing to do. */
async function resident(): Promise<number> {
  server.process.stdin?.write('quiet\n');
  told += 1;
  await server.untilLine(() => server.lines.length > told);
  return Number(/^resident (\S+)/.exec(server.lines[told] ?? '')?.[1]);
}

test.each(soak ? ['arrows', 'csv', 'json'] : ['arrows'])(
  'clients that read a byte a second of a large %s export hold hardly anything',
  async (format) => {
    const path = (n: number) => `/v1/analytics/facts/orders?format=${format}&limit=${rows - n}`;
    const start = await resident();
    const clients = [slowClient(service, path(0))];
    await once(clients[0] as Socket, 'readable');
    expect((await resident()) - start).toBeLessThan(megabytes);
    for (let n = 1; n < 20; n += 1) clients.push(slowClient(service, path(n)));
    expect((await resident()) - start).toBeLessThan(4 * megabytes);
    for (const client of clients) client.destroy();
  },
  120_000,
);
