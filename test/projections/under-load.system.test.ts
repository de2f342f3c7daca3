import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readModels } from '../../src/main/read-models.ts';
import { rebuildProjection } from '../../src/projections/rebuild.ts';
import { playScript, registerCustomers } from '../../src/simulate/play.ts';
import { scenario } from '../../src/simulate/scenario.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { kinds } from '../support/databases.ts';

const until = '2026-03-02T12:00:00.000Z';
const orders = process.env.ORDERFOLD_SOAK ? 3_000 : 8;

describe.each(kinds())('every read model is rebuilt during full load on %s', (kind) => {
  let service: TestApp;
  let key: string;
  beforeAll(async () => {
    service = await startApp({ database: kind });
    key = await service.keyFor('admin');
    await registerCustomers(service.house, '2020-01-01T00:00:00.000Z');
  });
  afterAll(() => service.close());

  test('no request fails, every rebuild is equal, every switch is short', async () => {
    const { house, app } = service;
    const scripts = [...scenario({ seed: 'load', orders: orders * 40, until })];
    for (const script of scripts.splice(0, orders)) await playScript(script, house);
    await house.projected();
    let loading = true;
    let written = 0;
    const answers = new Map<number, number>();
    const write = async (): Promise<void> => {
      for (let script = scripts.shift(); loading && script; script = scripts.shift()) {
        await playScript(script, house);
        written += 1;
      }
    };
    const read = async (url: string): Promise<void> => {
      while (loading) {
        const { statusCode } = await app.inject({ url, headers: { authorization: `Bearer ${key}` } });
        answers.set(statusCode, (answers.get(statusCode) ?? 0) + 1);
      }
    };
    const urls = ['/v1/orders?limit=5', '/v1/customers', '/v1/kpis/on_time_rate?grain=line&group=month'];
    const load = [write(), write(), ...urls.map(read)];
    const took: number[] = [];
    try {
      for (const projection of readModels) {
        const done = await rebuildProjection({ log: house.log, database: house.database, projection });
        if (done.kind !== 'switched') throw new Error(`${projection.name}: ${done.kind}`);
        expect(done.certificate, projection.name).toMatchObject({ verdict: 'equal', differing: 0 });
        took.push(done.switchMs);
      }
    } finally {
      loading = false;
      await Promise.all(load);
    }
    expect([...answers.keys()]).toEqual([200]);
    expect(answers.get(200)).toBeGreaterThan(0);
    expect(written).toBeGreaterThan(0);
    expect(Math.max(...took)).toBeLessThan(1_000);
  });
});
