import { mkdtempSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { announced, type OrderfoldProcess, runOrderfold } from '../support/orderfold-process.ts';
import { soak } from '../support/seed.ts';

const data = mkdtempSync(join(tmpdir(), 'orderfold-first-start-'));
afterAll(() => rm(data, { recursive: true, force: true }));

const start = () =>
  runOrderfold('main.ts', [], { ORDERFOLD_DATA: data, ORDERFOLD_PORT: '0', ORDERFOLD_DEMO: soak ? 'auto' : 'off' });

/** The keys that a start shows, by role. */
const keysOf = ({ words }: OrderfoldProcess): Readonly<Record<string, string>> =>
  Object.fromEntries(words.map((line) => line.trim().split(/ +/)).filter(([, key]) => key?.startsWith('ofk_')));

/** A machine that is busy with other tests makes the service say so; that is not what is tested here. */
async function ask(url: string, key = ''): Promise<Response> {
  for (;;) {
    const answer = await fetch(url, { headers: { connection: 'close', authorization: `Bearer ${key}` } });
    if (answer.status !== 503) return answer;
  }
}

test('an empty directory becomes a service with keys that work, and is the same after a restart', async () => {
  const first = start();
  const url = await first.untilWords(announced);
  expect((await ask(`${url}/readyz`)).status).toBe(200);
  await first.untilWords(/Three things to try/);
  const keys = keysOf(first);
  expect(Object.keys(keys)).toEqual(expect.arrayContaining(['order-desk', 'warehouse', 'analyst', 'auditor', 'admin']));
  for (const key of Object.values(keys)) expect((await ask(`${url}/v1/orders?limit=1`, key)).status).not.toBe(401);
  const listed = await ask(`${url}/v1/orders?limit=1`, keys['order-desk']);
  expect([listed.status, ((await listed.json()) as { orders: unknown[] }).orders.length]).toEqual([200, soak ? 1 : 0]);
  expect((await ask(`${url}/v1/orders`, `${keys['order-desk']}x`)).status).toBe(401);
  expect((await stat(join(data, 'demo-keys.json'))).mode & 0o077, 'for its owner only').toBe(0);
  expect(await first.stop(), first.words.join('\n')).toEqual({ code: 0, signal: null });
  expect(
    first.words.filter((line) => announced.test(line)),
    'told once',
  ).toHaveLength(1);

  const second = start();
  const again = await second.untilWords(announced);
  await second.untilWords(/Three things to try/);
  expect(keysOf(second)).toEqual(keys);
  expect((await ask(`${again}/v1/orders?limit=1`, keys['order-desk'])).status).toBe(200);
  expect(await second.stop()).toEqual({ code: 0, signal: null });
});
