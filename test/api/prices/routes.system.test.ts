import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { ApiClient, customer } from '../../support/client.ts';

const kinds = inject('postgresUrl') ? (['pglite', 'postgres'] as const) : (['pglite'] as const);

describe.each(kinds)('prices over HTTP on %s', (database) => {
  let running: TestApp;
  let key: string;
  let desk: ApiClient;
  let position: unknown;
  const put = async (url: string, specification: object, effectiveFrom = '2026-01-01') => {
    const answer = await running.app.inject({
      method: 'PUT',
      url,
      payload: { effectiveFrom, specification },
      headers: { authorization: `Bearer ${key}`, 'idempotency-key': randomUUID() },
    });
    expect(answer.statusCode, answer.body).toBe(200);
    position = answer.headers['orderfold-position'];
  };
  const ask = (client: ApiClient, more: object) =>
    client.post(
      '/v1/prices',
      { customerId: 'C-1', lines: [line], ...more },
      { 'orderfold-min-position': String(position), prefer: 'wait=10' },
    );
  const line = { lineNo: 1, sku: 'PUMP', qty: { value: '12', uom: 'C62' } };

  beforeAll(async () => {
    running = await startApp({ database });
    key = await running.keyFor('admin');
    desk = new ApiClient(running.app, key);
    await desk.post('/v1/customers', { ...customer(), country: 'DE' });
    const other = await desk.post('/v1/customers', customer('C-2'));
    await desk.getAt('/v1/customers/C-2', other.headers['orderfold-position']);
    await put('/v1/items/PUMP', { description: 'Pump', uom: 'C62', sourcing: 'stock' });
    await put('/v1/accounts/C-1', { group: 'trade', currency: 'EUR' });
    const trade = { currency: 'EUR', groups: ['trade'], prices: [{ sku: 'PUMP', fromQuantity: '10', amount: '90' }] };
    await put('/v1/price-lists/trade', trade);
    await put('/v1/price-lists/trade', { ...trade, prices: [{ sku: 'PUMP', amount: '95' }] }, '2026-07-01');
    await put('/v1/tax-rates/DE', {
      jurisdiction: 'DE',
      name: 'USt',
      rate: '0.19',
      per: 'document',
      rounding: 'half-up',
    });
  });
  afterAll(() => running.close());

  test('the price of the day, with its trace, taxes and totals', async () => {
    const march = await ask(desk, { on: '2026-03-10' });
    expect(march.statusCode, march.body).toBe(200);
    expect(march.json()).toMatchObject({
      currency: 'EUR',
      lines: [{ unitPrice: { amount: '90' }, net: { amount: '108000' }, trace: [{ step: 'list', ref: 'trade' }] }],
      totals: { goods: { amount: '108000' }, tax: { amount: '20520' }, total: { amount: '128520' } },
    });
    expect((await ask(desk, { on: '2026-08-10' })).json().lines[0].unitPrice.amount).toBe('95');
  });

  test('a change of master data is seen at once', async () => {
    await put('/v1/promotions/now', { description: 'Now', discount: '0.5', until: '2026-03-10' });
    expect((await ask(desk, { on: '2026-03-10' })).json().lines[0].unitPrice.amount).toBe('45');
    expect((await ask(desk, { on: '2026-03-11' })).json().lines[0].unitPrice.amount).toBe('90');
  });

  test('what has no price is told by line', async () => {
    const answer = await ask(desk, { lines: [line, { ...line, lineNo: 2, sku: 'NOPE' }] });
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'no-price']);
    expect(answer.json().errors).toMatchObject([{ pointer: '/lines/1' }]);
    expect((await ask(desk, { on: '2026-02-30' })).json().code).toBe('invalid-request');
    expect((await ask(desk, { currency: 'XXY' })).json().code).toBe('invalid-request');
  });

  test('options are checked, mended and priced', async () => {
    const options = [
      { option: 'motor', description: 'Motor', values: [{ value: 'small' }, { value: 'big', price: '25' }] },
      { option: 'stages', description: 'Stages', number: { from: '1', to: '9', step: '1', pricePer: '2' } },
    ];
    const when = [{ option: 'stages', atLeast: '5' }];
    const rules = [
      { rule: 'strong', message: 'Needs the big motor', when, requires: [{ option: 'motor', in: ['big'] }] },
    ];
    await put('/v1/configuration-models/M', { description: 'Pumps', currency: 'EUR', options, rules });
    await put('/v1/items/CTO', { description: 'Configured', uom: 'C62', sourcing: 'make', model: 'M' });
    await put('/v1/price-lists/cto', { currency: 'EUR', prices: [{ sku: 'CTO', amount: '100' }] });
    const at = { 'orderfold-min-position': String(position), prefer: 'wait=10' };
    const check = async (selections: object) =>
      (await desk.post('/v1/configurations', { model: 'M', selections }, at)).json();
    expect(await check({ motor: 'small', stages: '6' })).toMatchObject({
      valid: false,
      violations: [{ rule: 'strong', options: ['stages', 'motor'] }],
      repairs: expect.arrayContaining([[{ option: 'motor', from: 'small', to: 'big' }]]),
      complete: true,
    });
    expect(await check({ motor: 'big', stages: '6' })).toMatchObject({
      valid: true,
      repairs: [],
      effectiveFrom: '2026-01-01',
    });
    const one = { lineNo: 1, sku: 'CTO', qty: { value: '1', uom: 'C62' } };
    const good = await ask(desk, { on: '2026-08-10', lines: [{ ...one, selections: { motor: 'big', stages: '6' } }] });
    expect(good.json().totals.goods.amount).toBe('13700');
    const bad = await ask(desk, { lines: [{ ...one, selections: { motor: 'small', stages: '6' } }] });
    expect([bad.json().code, bad.json().errors[0].pointer]).toEqual(['configuration-invalid', '/lines/0/selections']);
    expect((await desk.post('/v1/configurations', { model: 'nope', selections: {} })).json().code).toBe(
      'master-unknown',
    );
  });

  test('a customer asks for his own prices only, and gives none by hand', async () => {
    const mine = new ApiClient(running.app, await running.keyFor('customer', 'C-1'));
    expect((await ask(mine, {})).statusCode).toBe(200);
    expect((await ask(mine, { customerId: 'C-2' })).statusCode).toBe(404);
    const manualPrice = { amount: '1', reason: 'I like it' };
    expect((await ask(mine, { lines: [{ ...line, manualPrice }] })).statusCode).toBe(403);
    expect((await ask(desk, { lines: [{ ...line, manualPrice }] })).json().totals.goods.amount).toBe('1200');
  });
});
