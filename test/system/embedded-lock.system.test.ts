import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { announced, runOrderfold } from '../support/orderfold-process.ts';

const data = mkdtempSync(join(tmpdir(), 'orderfold-lock-'));
afterAll(() => rm(data, { recursive: true, force: true }));

const start = () => runOrderfold('main.ts', [], { ORDERFOLD_DATA: data, ORDERFOLD_PORT: '0', ORDERFOLD_DEMO: 'off' });

test('a data directory serves one process at a time, and the next one once that is dead', async () => {
  const holder = start();
  await holder.untilWords(announced);

  const second = start();
  expect(await second.ended).toEqual({ code: 1, signal: null });
  expect(second.words.join('\n')).toContain(`is in use by process ${holder.pid} on `);
  expect(second.words.join('\n'), 'an error that was expected needs no stack').not.toContain('    at ');
  const key = await holder.untilWords(/^ {2}admin +(\S+)$/);

  await holder.kill();
  const heir = start();
  const url = await heir.untilWords(announced);
  const answer = await fetch(`${url}/v1/orders`, { headers: { authorization: `Bearer ${key}`, connection: 'close' } });
  expect(answer.status, 'what the dead one acknowledged is there').toBe(200);
  expect(await heir.stop()).toEqual({ code: 0, signal: null });
});
