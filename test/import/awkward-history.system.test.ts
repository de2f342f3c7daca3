import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileFolder, mappingOf } from '../support/import-files.ts';
import { type ImportedDatabase, importedDatabase } from '../support/imported-database.ts';

/** What real exports do to a reader: small histories whose answers are plain to see. */
describe('awkward history', () => {
  const folder = fileFolder();
  let house: ImportedDatabase;
  beforeAll(async () => {
    house = await importedDatabase(() => '2026-06-01T12:00:00.000Z');
    const told = async (mapping: object, ...files: string[]) => {
      const summary = await house.run({ mapping: mappingOf(mapping), files });
      expect(summary).toMatchObject({ rowsRejected: 0, orders: { rejected: 0 } });
      return summary;
    };
    const csv = (name: string, ...lines: string[]) => folder.write(name, lines.join('\n'));
    const base = { customer: { id: { value: 'C' } }, line: { number: 'pos', sku: { value: 'I' }, quantity: 'qty' } };
    const currency = { value: 'USD' };

    await told(
      {
        ...base,
        name: 'zones',
        order: { key: 'order', currency, zone: 'zone', dimensions: { set: { value: 'zones' }, area: 'zone' } },
        milestones: { ordered: 'ordered', shipped: 'shipped', delivered: 'delivered' },
        promises: [{ deliverOn: 'promised', shipOn: 'planned' }],
      },
      csv(
        'zones.csv',
        'order,pos,qty,zone,ordered,promised,planned,shipped,delivered',
        'Z1,1,1,America/Los_Angeles,2026-01-05,2026-01-10,2026-01-08,2026-01-09,2026-01-11',
        'Z2,1,1,Asia/Tokyo,2026-01-05,2026-01-10,2026-01-08,2026-01-08,2026-01-10',
      ),
    );

    await told(
      {
        ...base,
        name: 'parcels',
        order: { key: 'order', currency, dimensions: { set: { value: 'parcels' } } },
        line: {
          ...base.line,
          dimensions: { country: 'land', customer: 'who' },
        },
        milestones: { ordered: 'ordered', shipped: 'shipped', delivered: 'delivered' },
        promises: [{ deliverOn: 'promised' }],
        shipment: { key: 'parcel', shippedQuantity: 'sent', deliveredQuantity: 'got' },
        status: { cell: 'state', means: { gone: 'cancelled' } },
      },
      csv(
        'parcels.csv',
        'order,pos,qty,land,who,ordered,promised,parcel,shipped,sent,delivered,got,state',
        // Three parcels pass each other: 10 of 10 are there on the 6th, the rest is too much.
        'P1,1,10,Peru,Ann,2026-01-01,2026-01-07,A,2026-01-02,5,2026-01-10,5,',
        'P1,1,10,Peru,Ann,2026-01-01,2026-01-07,B,2026-01-03,5,2026-01-06,5,',
        'P1,1,10,Peru,Ann,2026-01-01,2026-01-07,C,2026-01-04,5,2026-01-05,5,',
        // One was lost on the way, and one more than ordered left: 10 of 10 are there on the 6th.
        'P2,1,10,Peru,Bob,2026-01-01,2026-01-07,D,2026-01-02,6,2026-01-05,5,',
        'P2,1,10,Peru,Bob,2026-01-01,2026-01-07,E,2026-01-03,5,2026-01-06,5,',
        'P2,2,10,Chad,Bob,2026-01-01,2026-01-07,,,,,,gone',
      ),
    );
    await told(
      {
        ...base,
        name: 'same-day',
        order: { key: 'order', currency, dimensions: { set: { value: 'same-day' } } },
        milestones: { ordered: 'ordered', delivered: 'delivered' },
        promises: [{ deliverOn: 'promised' }],
        shipment: { key: 'truck' },
      },
      csv(
        'same-day.csv',
        'order,pos,qty,ordered,promised,delivered,truck',
        'S1,1,1,2026-01-01,2026-01-07,2026-01-05,',
        'S1,2,1,2026-01-01,2026-01-07,2026-01-05,',
        'S2,1,1,2026-01-01,2026-01-07,2026-01-05,',
        'S3,1,1,2026-01-01,2026-01-07,2026-01-05,T',
        'S4,1,1,2026-01-01,2026-01-07,2026-01-05,T',
      ),
    );
    await told(
      {
        ...base,
        name: 'asked',
        order: { key: 'order', currency, dimensions: { set: { value: 'asked' } } },
        line: { ...base.line, requestedOn: 'wanted' },
        milestones: { ordered: 'ordered', delivered: 'delivered' },
      },
      csv(
        'asked.csv',
        'order,pos,qty,ordered,wanted,delivered',
        'Q1,1,1,2026-01-01,2026-01-07,2026-01-05',
        'Q1,2,1,2026-01-01,2026-01-07,2026-01-10',
        'Q2,1,1,2026-01-01,2026-01-07,2026-01-08',
      ),
    );
    await told(
      {
        ...base,
        name: 'untimed',
        order: { key: 'order', currency, dimensions: { set: { value: 'untimed' } } },
        milestones: { ordered: 'ordered', delivered: 'delivered' },
        promises: [{ deliverOn: 'promised' }],
        status: { cell: 'state', means: { done: 'delivered' } },
      },
      csv(
        'untimed.csv',
        'order,pos,qty,ordered,promised,delivered,state',
        'U1,1,1,2026-01-01,2026-01-07,2026-01-05,done',
        'U1,2,1,2026-01-01,2026-01-07,,done',
        'U2,1,1,2026-01-01,2026-01-07,2026-01-08,done',
      ),
    );
    await house.project();
  });
  afterAll(async () => {
    await house.close();
    folder.remove();
  });

  const group = async (name: string, query: Parameters<ImportedDatabase['kpi']>[0]) =>
    (await house.kpi({ ...query, group: [name] })).rows.map(({ group, num, den, n_open }) => [
      group[name],
      num,
      den,
      n_open,
    ]);

  test('a day without a time is that day at the ship-to, east and west', async () => {
    const filter = { set: ['zones'] };
    expect(await group('area', { kpi: 'on_time_rate', filter })).toEqual([
      ['America/Los_Angeles', 0, 1, 0],
      ['Asia/Tokyo', 1, 1, 0],
    ]);
    expect(await group('day', { kpi: 'on_time_rate', basis: 'ship', filter })).toEqual([
      ['2026-01-08', 1, 1, 0],
      ['2026-01-09', 0, 1, 0],
    ]);
    const { rows } = await house.kpi({ kpi: 'cycle_time', filter });
    expect(rows[0]?.distribution).toMatchObject({ min: 5, max: 6 });
  });

  test('orders delivered on the same day are not one shipment, unless the file says so', async () => {
    expect((await house.kpi({ kpi: 'count', grain: 'shipment', filter: { set: ['same-day'] } })).rows).toMatchObject([
      { num: 3, den: 3 },
    ]);
  });

  test('lines that were promised nothing are late against the date that was asked for', async () => {
    const query = { basis: 'request', filter: { set: ['asked'] } };
    for (const [grain, onTime, units] of [
      ['line', 1, 3],
      ['order', 0, 2],
    ] as const) {
      expect((await house.kpi({ kpi: 'on_time_rate', grain, ...query })).rows).toMatchObject([
        { num: onTime, den: units },
      ]);
      const { rows } = await house.kpi({ kpi: 'days_late', grain, ...query });
      expect(rows).toMatchObject([{ num: 4, den: 2, distribution: { min: 1, max: 3 } }]);
    }
  });

  test('a delivery of an unknown time counts as delivered, but in no duration', async () => {
    const query = { filter: { set: ['untimed'] } };
    for (const [grain, onTime, units, days] of [
      ['line', 2, 3, 5.5],
      ['order', 1, 2, 7],
    ] as const) {
      expect((await house.kpi({ kpi: 'on_time_rate', grain, ...query })).rows).toMatchObject([
        { num: onTime, den: units, n_open: 0 },
      ]);
      const { rows } = await house.kpi({ kpi: 'cycle_time', grain, ...query });
      expect(rows).toMatchObject([{ value: days, n_open: 0 }]);
    }
  });

  test('what arrives first completes the line, whichever parcel left first', async () => {
    const filter = { set: ['parcels'] };
    expect(await group('day', { kpi: 'on_time_rate', filter: { ...filter, customer: ['Ann'] } })).toEqual([
      ['2026-01-06', 1, 1, 0],
    ]);
  });

  test('a part lost on the way and made up for by another parcel leaves nothing open', async () => {
    for (const grain of ['line', 'schedule-line']) {
      const query = { kpi: 'on_time_rate', grain, filter: { set: ['parcels'], customer: ['Bob'], country: ['Peru'] } };
      expect(await group('day', query)).toEqual([['2026-01-06', 1, 1, 0]]);
    }
  });

  test('free dimensions of lines may be called as built-in ones; an order shows what its lines agree on', async () => {
    const filter = { set: ['parcels'] };
    expect(await group('country', { kpi: 'on_time_rate', population: 'due', filter })).toEqual([['Peru', 2, 2, 0]]);
    expect(await group('country', { kpi: 'on_time_rate', grain: 'order', filter })).toEqual([
      ['Peru', 1, 1, 0],
      [null, 1, 1, 0],
    ]);
    expect(await group('customer', { kpi: 'count', grain: 'order', filter })).toEqual([['C', 2, 2, 0]]);
  });

  test('what the customer cancelled is not open: nobody waits for it', async () => {
    const filter = { set: ['parcels'] };
    for (const kpi of ['cycle_time', 'delivery_accuracy_rate'])
      for (const [grain, units] of [
        ['line', 2],
        ['order', 2],
      ] as const)
        expect((await house.kpi({ kpi, grain, filter })).rows).toMatchObject([{ den: units, n_open: 0 }]);
  });
});
