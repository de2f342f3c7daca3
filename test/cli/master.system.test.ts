import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { run } from '../support/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderfold-master-cli-'));
beforeAll(() => {
  vi.stubEnv('ORDERFOLD_DATA', join(folder, 'data'));
  vi.stubEnv('DATABASE_URL', '');
  vi.stubEnv('EVENTSTORE_URL', '');
  vi.stubEnv('ORDERFOLD_LOG', 'fatal');
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test('a file is laid down once, its faults are told, and it comes out as it went in', async () => {
  const file = join(folder, 'items.csv');
  const header = 'id,effectiveFrom,withdrawn,description,uom,sourcing';
  const good = ['P,2026-01-01,,Pump,C62,stock', 'P,2027-01-01,true,,,', 'Q,2026-01-01,,Seal,C62,buy'];
  writeFileSync(file, [header, ...good, 'R,2026-02-30,,Rod,C62,buy', ''].join('\n'));
  const first = await run('master', 'import', 'item', file, '--json');
  expect(first.code).toBe(3);
  expect(JSON.parse(first.data)).toMatchObject({
    things: 4,
    changed: 3,
    rejects: [{ line: 5, code: 'date-impossible' }],
  });
  expect(JSON.parse((await run('master', 'import', 'item', file, '--json')).data)).toMatchObject({ changed: 0 });
  const out = join(folder, 'out.csv');
  expect((await run('master', 'export', 'item', '--out', out)).code).toBe(0);
  const [columns, ...rows] = readFileSync(out, 'utf8').trim().split('\r\n');
  expect(columns).toMatch(/^id,effectiveFrom,withdrawn,description,uom/);
  expect(rows.map((row) => row.split(',').slice(0, 5).join())).toEqual([
    'P,2026-01-01,,Pump,C62',
    'P,2027-01-01,true,,',
    'Q,2026-01-01,,Seal,C62',
  ]);
  expect(JSON.parse((await run('master', 'import', 'item', out, '--json')).data)).toMatchObject({
    changed: 0,
    rejected: 0,
  });
});
