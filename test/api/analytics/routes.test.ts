import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parquetPackage } from '../../../src/analytics/export/parquet.ts';
import { ApiClient } from '../../support/client.ts';
import { fakeAnalytics, fakePosition } from '../../support/fakeAnalytics.ts';
import { type FakeApi, fakeApi } from '../../support/fakeApi.ts';
import { rowsAsObjects, tableOf } from '../../support/tables.ts';

let fake: FakeApi;
let analyst: ApiClient;
const analytics = fakeAnalytics();
beforeAll(async () => {
  fake = await fakeApi({ analytics, settings: { analystExportRows: 40 } });
  analyst = new ApiClient(fake.app, fake.keyFor('analyst'));
});
afterAll(() => fake.app.close());

const question = '/v1/analytics/query?kpis=on_time_rate&group=month,country';
const rows = rowsAsObjects(tableOf(100));

describe('facts', () => {
  it('come as JSON unless something else is wanted', async () => {
    const answer = await analyst.get('/v1/analytics/facts/orders?limit=3');
    expect(answer.json()).toEqual(rows.slice(0, 3));
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'orderfold-position': fakePosition,
      'orderfold-rows': '3',
      'orderfold-rows-fitting': '100',
    });
  });

  it.each([
    ['application/vnd.apache.arrow.stream', 'arrows'],
    ['application/vnd.apache.arrow.file;q=0.9, text/html', 'arrow'],
  ])('as Accept %s says, with what must be known in the schema', async (accept, extension) => {
    const answer = await analyst.get('/v1/analytics/facts/lines?columns=lines,region&where=region:north', { accept });
    expect(answer.headers['content-disposition']).toContain(`lines.${extension}`);
    const table = tableFromIPC(answer.rawPayload);
    expect(table.schema.names).toEqual(['lines', 'region']);
    expect(table.schema.metadata.get('position')).toBe(fakePosition);
    expect(table.schema.metadata.get('kpi_versions')).toBe('on_time_rate@1');
    expect(table.numRows).toBe(rows.filter(({ region }) => region === 'north').length);
  });

  it('are cut for a role with a limit, and say so', async () => {
    const cut = await analyst.get('/v1/analytics/facts/orders?format=arrows');
    expect(cut.headers).toMatchObject({ 'orderfold-rows': '40', 'orderfold-rows-fitting': '100' });
    expect(tableFromIPC(cut.rawPayload).schema.metadata.get('cut')).toBe('100 rows fit; the role analyst may take 40');
    const auditor = new ApiClient(fake.app, fake.keyFor('auditor'));
    expect((await auditor.get('/v1/analytics/facts/orders?format=csv')).headers['orderfold-rows']).toBe('100');
  });

  it('are told without being made for HEAD', async () => {
    const headers = { authorization: `Bearer ${fake.keyFor('auditor')}` };
    const answer = await fake.app.inject({ method: 'HEAD', url: '/v1/analytics/facts/orders?format=csv', headers });
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
    expect(answer.headers['orderfold-rows']).toBe('100');
  });

  it('are put aside as far as they are wanted, and no further', async () => {
    const taken = vi.spyOn(analytics, 'facts');
    await analyst.get('/v1/analytics/facts/shipments?columns=lines,id&where=region:north&limit=7');
    expect(taken.mock.calls).toEqual([['shipments', { columns: ['lines', 'id'], where: ['region:north'], limit: 7 }]]);
    taken.mockRestore();
  });

  it('are refused in formats that there are not', async () => {
    const answer = await analyst.get('/v1/analytics/facts/orders', { accept: 'text/html' });
    expect(answer.statusCode).toBe(406);
    expect(answer.json()).toMatchObject({ code: 'not-acceptable', offered: expect.arrayContaining(['text/csv']) });
  });

  it('say what to install for a format that this installation cannot write', async () => {
    const find = vi.spyOn(parquetPackage, 'find').mockImplementation(() => {
      throw new Error('Cannot find package');
    });
    const answer = await analyst.get('/v1/analytics/facts/orders?format=parquet');
    find.mockRestore();
    expect([answer.statusCode, answer.json().code]).toEqual([501, 'format-not-installed']);
    expect(answer.json().detail).toContain('npm install parquet-wasm');
  });

  it.each([
    ['columns=profit', '?/columns'],
    ['where=profit:1', '?/where'],
    ['where=due:2026-02-30', '?/where'],
    ['asOf=2026-13-01T00:00:00Z', '?/asOf'],
  ])('name the place of what is wrong in %s', async (search, pointer) => {
    const answer = await analyst.get(`/v1/analytics/facts/orders?${search}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors[0].pointer).toBe(pointer);
  });
});

describe('a question', () => {
  it('is answered with numbers and the way to what is behind each', async () => {
    const answer = (await analyst.get(question)).json();
    expect(answer.rows[0].kpis.on_time_rate).toEqual({ num: 3, den: 4, value: 0.75, n_open: 1 });
    const link = new URL(answer.rows[0].links.on_time_rate, 'http://x');
    expect(link.pathname).toBe('/v1/analytics/cell');
    expect(link.searchParams.getAll('cell')).toEqual(['month=2026-01', 'country=a=b, c']);
    expect(link.searchParams.get('asOf')).toBe(fakePosition);
    expect(new URL(answer.rows[1].links.on_time_rate, 'http://x').searchParams.getAll('cell')).toEqual([
      'month',
      'country=a=b, c',
    ]);
  });

  it('leads to a cell that asks for the same', async () => {
    const asked = vi.spyOn(analytics, 'cell');
    const answer = (
      await analyst.get(`${question}&filter=country=DE&filter=country=FR&basis=request&percentiles=50,99.5`)
    ).json();
    expect((await analyst.get(answer.rows[1].links.on_time_rate)).statusCode).toBe(200);
    expect(asked.mock.lastCall?.[0]).toEqual({
      kpi: 'on_time_rate',
      kpis: ['on_time_rate'],
      group: ['month', 'country'],
      cell: { month: null, country: 'a=b, c' },
      filter: { country: ['DE', 'FR'] },
      basis: 'request',
      percentiles: [50, 99.5],
      asOf: { position: fakePosition },
      on: '2026-03-01',
    });
  });

  it('may come as JSON with the same names', async () => {
    const asked = vi.spyOn(analytics, 'query');
    await analyst.get(`${question}&filter=country=DE&asOf=2026-01-31T23:00:00Z`);
    const [byQuery] = asked.mock.lastCall ?? [];
    asked.mockClear();
    const body = {
      kpis: ['on_time_rate'],
      group: ['month', 'country'],
      filter: { country: ['DE'] },
      asOf: '2026-01-31T23:00:00Z',
    };
    expect((await analyst.post('/v1/analytics/query', { ...body, on: '2026-02-01' })).statusCode).toBe(200);
    expect(asked.mock.lastCall?.[0]).toEqual({ ...byQuery, on: '2026-02-01' });
  });

  it('is a table where one is wanted', async () => {
    const answer = await analyst.get(question, { accept: 'text/csv' });
    expect(answer.body.split('\r\n').slice(0, 2)).toEqual([
      'month,country,on_time_rate,on_time_rate.num,on_time_rate.den,on_time_rate.n_open',
      '2026-01,"a=b, c",0.75,3,4,1',
    ]);
  });

  it('is computed once for all who ask it at the same position', async () => {
    const asked = vi.spyOn(analytics, 'query');
    asked.mockClear();
    await Promise.all([1, 2, 3].map(() => analyst.get(`${question}&grain=order`)));
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('names what it does not know', async () => {
    const answer = await analyst.get('/v1/analytics/query?kpis=profit');
    expect(answer.statusCode).toBe(400);
    expect(answer.json().detail).toContain('profit');
  });
});

describe('copies of answers', () => {
  it.each([question, '/v1/analytics/facts/orders?format=csv'])('%s need not be sent again', async (url) => {
    const first = await analyst.get(url);
    const again = await analyst.get(url, { 'if-none-match': String(first.headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    expect(first.headers['cache-control']).toBe('private, no-cache');
    const other = await analyst.get(`${url}&asOf=${'7'.padStart(20, '0')}`);
    expect(other.headers.etag).not.toBe(first.headers.etag);
    expect(other.headers['cache-control']).toContain('immutable');
  });

  it('of one role are not those of another', async () => {
    const url = '/v1/analytics/facts/orders?format=csv';
    const first = await analyst.get(url);
    const auditor = new ApiClient(fake.app, fake.keyFor('auditor'));
    expect((await auditor.get(url, { 'if-none-match': String(first.headers.etag) })).statusCode).toBe(200);
  });
});

it('an answer waits for the wanted position, or says that it has not come', async () => {
  expect((await analyst.getAt(question, fakePosition)).statusCode).toBe(200);
  const late = await analyst.getAt(question, '9'.repeat(20));
  expect(late.statusCode).toBe(503);
  expect(late.json()).toMatchObject({ code: 'projection-lagging', currentPosition: fakePosition });
});

it('the catalogue says what can be asked', async () => {
  const { kpis, dimensions } = (await analyst.get('/v1/analytics/kpis')).json();
  expect(kpis[0]).toMatchObject({ id: 'on_time_rate', formula: 'on time / due', computed: false });
  expect(dimensions).toEqual(['month', 'country']);
});
