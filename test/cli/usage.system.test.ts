import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { run } from '../support/cli.ts';

describe('the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orderfold-cli-'));
  beforeAll(() => {
    vi.stubEnv('ORDERFOLD_DATA', folder);
    vi.stubEnv('DATABASE_URL', '');
    vi.stubEnv('EVENTSTORE_URL', '');
    vi.stubEnv('ORDERFOLD_LOG', 'fatal');
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    ['a KPI that there is not', ['kpi', 'nope'], 'on_time_rate'],
    ['a grain that the KPI has not', ['kpi', 'days_late', '--grain', 'shipment'], 'schedule-line'],
    ['a dimension that there is not', ['kpi', 'count', '--group', 'nope'], 'country'],
    ['a day that is not', ['kpi', 'count', '--as-of', '2026-02-30'], '2026-02-30'],
    ['a day that is not, in a search', ['orders', 'search', '--from', '2026-99-01'], '2026-99-01'],
    ['a limit that is no number', ['orders', 'search', '--limit', 'x'], '200'],
    ['a cursor of somebody else', ['orders', 'search', '--cursor', 'xx'], 'cursor'],
    ['a key that there is not', ['keys', 'revoke', 'nope'], 'nope'],
    ['a stream that is not parked', ['parked', 'retry', 'order-nope'], 'parked list'],
    ['an action that the role has not', ['keys', 'create', '--role', 'warehouse', '--scope', 'kpi.read'], 'kpi.read'],
    ['an action that there is not', ['keys', 'create', '--role', 'warehouse', '--scope', 'fly'], 'order.read'],
    ['a watch without a condition', ['watches', 'add', 'w', '--kpi', 'on_time_rate'], '--below'],
    ['a watch of a KPI that there is not', ['watches', 'add', 'w', '--kpi', 'nope', '--below', '1'], 'on_time_rate'],
    [
      'a watch with two conditions',
      ['watches', 'add', 'w', '--kpi', 'count', '--below', '1', '--above', '2'],
      '--above',
    ],
    ['a CUSUM without a baseline', ['watches', 'add', 'w', '--kpi', 'on_time_rate', '--cusum', 'both'], '--baseline'],
    [
      'a watch of a dimension that no order has',
      ['watches', 'add', 'w', '--kpi', 'count', '--below', '1', '--filter', 'nope=x'],
      'country',
    ],
    [
      'a watch that is filtered by a period',
      ['watches', 'add', 'w', '--kpi', 'count', '--below', '1', '--filter', 'month=2026-01'],
      'from and to',
    ],
    ['a watch that there is not', ['watches', 'remove', 'nope'], 'define it first'],
  ])('%s is wrong usage: exit code 2, nothing on stdout, and what is right', async (_, words, hint) => {
    const { code, data, words: said } = await run(...words);
    expect({ code, data }).toEqual({ code: 2, data: '' });
    expect(said).toContain(hint);
  });

  test.each([
    ['an option that there is not', ['kpi', 'count', '--nope'], 2, 'wrong-usage', '--nope'],
    ['a KPI that there is not', ['kpi', 'nope'], 2, 'unknown-kpi', 'on_time_rate'],
    ['a mapping that is not there', ['import', 'a.csv', '-m', 'nope.json'], 1, 'mapping-not-readable', 'nope.json'],
  ])('with --json, %s is told as JSON too', async (_, words, code, problem, hint) => {
    const ran = await run(...words, '--json');
    expect(ran.code).toBe(code);
    expect(ran.words).toContain(hint);
    expect(JSON.parse(ran.data)).toEqual({ error: { code: problem, message: expect.stringContaining(hint) } });
  });

  test('a database that does not answer is named, not its password, and no stack is shown', async () => {
    vi.stubEnv('DATABASE_URL', 'postgres://user:secret@localhost:1/orders');
    try {
      const { code, data, words } = await run('kpi', 'count', '--json');
      expect(code).toBe(1);
      expect(JSON.parse(data).error).toMatchObject({ code: 'database-unavailable' });
      expect(words).toContain('DATABASE_URL');
      expect(words + data).not.toMatch(/secret|\n {4}at /);
    } finally {
      vi.stubEnv('DATABASE_URL', '');
    }
  });

  test('a key may allow less than its role', async () => {
    const scopes = ['--scope', 'order.read', '--scope', 'kpi.read'];
    const made = await run('keys', 'create', '--role', 'analyst', ...scopes, '--json');
    expect(made.code).toBe(0);
    expect(JSON.parse(made.data).principal).toMatchObject({ role: 'analyst', scopes: ['order.read', 'kpi.read'] });
  });

  test('a watch is added, listed, and removed', async () => {
    const limits = ['--below', '0.9', '--clear-at', '0.92', '--min-n', '20', '--period', 'week'];
    const words = [
      '--kpi',
      'on_time_rate',
      ...limits,
      '--filter',
      'mode=Sea',
      '--filter',
      'mode=Air',
      '--tell',
      'desk',
    ];
    const added = await run('watches', 'add', 'on-time', ...words, '--json');
    const watch = {
      watchId: 'on-time',
      version: 1,
      name: 'on-time',
      question: { kpi: 'on_time_rate', period: 'week', filter: { mode: ['Sea', 'Air'] } },
      condition: { kind: 'threshold', side: 'below', level: 0.9, clearAt: 0.92, minimumN: 20 },
      tell: ['desk'],
    };
    expect(JSON.parse(added.data)).toEqual(watch);
    expect(JSON.parse((await run('watches', 'list', '--json')).data)).toMatchObject([watch]);
    expect(JSON.parse((await run('watches', 'remove', 'on-time', '--json')).data)).toEqual({ removed: 'on-time' });
    expect((await run('watches', 'list')).data).not.toContain('on-time');
  });
});
