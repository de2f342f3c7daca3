import { afterAll, describe, expect, test } from 'vitest';
import { fileFolder } from '../support/import-files.ts';
import { base, told } from '../support/told-history.ts';

const folder = fileFolder();
afterAll(() => folder.remove());

describe('files joined by key', () => {
  const files = {
    items: { match: 'items*.csv' },
    orders: { match: 'orders*.csv', delimiter: ';', encoding: 'windows-1252' },
    parcels: { match: 'parcels*.csv' },
  };
  const mapping = {
    ...base,
    files,
    rows: 'items',
    joins: [
      { file: 'orders', on: { id: 'order' }, required: true },
      { file: 'parcels', on: { order: 'order', pos: 'pos' }, rows: 'many' },
    ],
    order: { ...base.order, key: [{ column: 'order', file: 'items' }], country: 'land' },
    line: { ...base.line, number: { column: 'pos', file: 'items' } },
    milestones: { ordered: 'placed', delivered: 'arrived' },
    shipment: { key: 'parcel', deliveredQuantity: 'got' },
  };
  const items = folder.write('items.csv', 'order,pos,item,qty\nX1,1,VALVE,10\nX1,2,PUMP,1\nX2,1,SEAL,3\nX9,1,SEAL,3\n');
  const orders = folder.write(
    'orders.csv',
    Buffer.from('id;land;placed\nX1;R\xe9union;2026-01-05\nX2;France;2026-01-06\n', 'latin1'),
  );
  const parcels = folder.write(
    'parcels.csv',
    'order,pos,parcel,arrived,got\nX1,1,P1,2026-01-10,4\nX1,1,P2,2026-01-12,6\nX1,2,P2,2026-01-12,1\n',
  );

  test('make rows: one counterpart, many, none', async () => {
    const { summary, dataOf } = await told(mapping, items, orders, parcels);
    expect(summary).toMatchObject({ rows: 5, orders: { added: 2 }, rejects: { 'join-missing': 1 } });
    expect(summary.firstRejects[0]).toMatchObject({ file: items, line: 5, column: 'order' });
    expect(dataOf<{ shipTo: object }>('OrderStarted').map(({ shipTo }) => shipTo)).toEqual([
      { zone: 'UTC', country: 'Réunion' },
      { zone: 'UTC', country: 'France' },
    ]);
    const delivered = dataOf<{ shipmentId: string; lines: { lineNo: number; qty: { value: string } }[] }>(
      'LinesDelivered',
    );
    expect(
      delivered.map(({ shipmentId, lines }) => [shipmentId, lines.map(({ lineNo, qty }) => [lineNo, qty.value])]),
    ).toEqual([
      ['P1', [[1, '4']]],
      [
        'P2',
        [
          [1, '6'],
          [2, '1'],
        ],
      ],
    ]);
  });

  test('rows of joined files that belong to no row are counted as a warning', async () => {
    const others = folder.write(
      'parcels-3.csv',
      'order,pos,parcel,arrived,got\nX1,1,P1,2026-01-10,10\nX1,7,P8,2026-01-10,4\nY9,1,P9,2026-01-12,6\n',
    );
    const { summary } = await told(mapping, items, orders, others);
    expect(summary.warnings).toMatchObject({ 'joined-row-unused': { count: 2, first: `${others}:3` } });
  });

  test('several files may be given for one; their headers must be the same', async () => {
    const more = folder.write('items-2.csv', 'order,pos,item,qty\nX2,2,PUMP,1\n');
    const { summary, dataOf } = await told(mapping, items, more, orders, parcels);
    expect(summary.rows).toBe(6);
    expect(
      dataOf<{ orderNo: string; lines: unknown[] }>('OrderLinesAdded').find(({ orderNo }) => orderNo === 'X2')?.lines,
    ).toHaveLength(2);
    const other = folder.write('items-3.csv', 'order,pos,item\nX2,2,PUMP\n');
    await expect(told(mapping, items, other, orders, parcels)).rejects.toMatchObject({ code: 'header-differs' });
  });

  test('the same file twice in one import is a failure: its quantities would count twice', async () => {
    const copy = folder.write(
      'items-4.csv',
      'order,pos,item,qty\nX1,1,VALVE,10\nX1,2,PUMP,1\nX2,1,SEAL,3\nX9,1,SEAL,3\n',
    );
    for (const again of [items, copy])
      await expect(told(mapping, items, again, orders, parcels)).rejects.toMatchObject({
        code: 'file-repeated',
        problems: [{ file: again }],
      });
  });

  test('a file too many, too few, and a key that is not unique are failures with names', async () => {
    const stray = folder.write('stray.csv', 'a,b\n1,2\n');
    const twice = folder.write('orders-2.csv', 'id;land;placed\nX1;France;2026-01-05\n');
    await expect(told(mapping, items, orders, parcels, stray)).rejects.toMatchObject({ code: 'file-unmatched' });
    await expect(told(mapping, items, orders)).rejects.toMatchObject({ code: 'file-missing' });
    await expect(told(mapping, items, orders, twice, parcels)).rejects.toMatchObject({
      code: 'join-key-repeated',
      problems: [{ file: twice, line: 2 }],
    });
  });
});

test('a row per promise and a row per parcel: every promise and every parcel is told once', async () => {
  const mapping = {
    ...base,
    files: { items: { match: 'i.csv' }, promises: { match: 'p.csv' }, parcels: { match: 's.csv' } },
    rows: 'items',
    joins: ['promises', 'parcels'].map((file) => ({ file, on: { o: 'order', l: 'pos' }, rows: 'many' })),
    line: { ...base.line, promisesPer: 'line' },
    milestones: { ordered: 'placed', delivered: 'arrived' },
    promises: [{ deliverOn: 'due', promisedAt: 'made', initiator: 'by' }],
    shipment: { key: 'parcel', deliveredQuantity: 'got' },
  };
  const { summary, dataOf } = await told(
    mapping,
    folder.write('i.csv', 'order,pos,item,qty,placed\nA,1,I,10,2026-01-01\n'),
    folder.write(
      'p.csv',
      'o,l,due,made,by\nA,1,2026-02-03,2026-01-20,customer\nA,1,2026-02-01,2026-01-02,\nA,1,2026-02-01,2026-01-25,supplier\n',
    ),
    folder.write('s.csv', 'o,l,parcel,arrived,got\nA,1,P1,2026-01-30,4\nA,1,P2,2026-02-02,6\n'),
  );
  expect(summary).toMatchObject({ rows: 6, rejects: {}, warnings: {} });
  expect(dataOf('PromiseCommitted')).toMatchObject([
    { lines: [{ lineNo: 1, scheduleLines: [{ qty: { value: '10' }, promise: { deliverOn: '2026-02-01' } }] }] },
  ]);
  expect(dataOf('PromiseRevised')).toMatchObject([
    { initiator: 'customer', scheduleLines: [{ to: { deliverOn: '2026-02-03' } }] },
    { initiator: 'supplier', scheduleLines: [{ to: { deliverOn: '2026-02-01' } }] },
  ]);
  expect(dataOf('LinesDelivered')).toMatchObject([
    { shipmentId: 'P1', lines: [{ qty: { value: '4' } }] },
    { shipmentId: 'P2', lines: [{ qty: { value: '6' } }] },
  ]);
});
