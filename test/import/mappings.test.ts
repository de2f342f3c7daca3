import { afterAll, describe, expect, test } from 'vitest';
import type { Recorded } from '../../src/events/envelope.ts';
import { fileFolder, importInto } from '../support/import-files.ts';
import { memoryLog } from '../support/memory-log.ts';

const folder = fileFolder();
afterAll(() => folder.remove());

async function told(mapping: object, ...files: string[]) {
  const log = memoryLog();
  const summary = await importInto(log, mapping, { files });
  const dataOf = <T>(type: string): T[] =>
    log.events.filter((event) => event.type === type).map(({ data }) => data as T);
  return { summary, events: log.events, dataOf };
}

const base = {
  name: 'example',
  order: { key: 'order', currency: { value: 'EUR' } },
  customer: { id: { value: 'C1' } },
  line: { number: 'pos', sku: 'item', quantity: 'qty' },
};

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

describe('what a mapping can say', () => {
  let count = 0;
  const csv = (...lines: string[]): string => {
    count += 1;
    return folder.write(`${count}.csv`, lines.join('\n'));
  };

  test('rows of a line with different promises become schedule lines, each shipped and revised for itself', async () => {
    const mapping = {
      ...base,
      milestones: { ordered: 'o', delivered: 'd' },
      promises: [{ deliverOn: 'p' }, { deliverOn: 'q', initiator: 'by' }],
      line: { ...base.line, quantityPer: 'row' },
    };
    const { dataOf } = await told(
      mapping,
      csv(
        'order,pos,item,qty,o,p,q,by,d',
        'A,1,I,6,2026-01-01,2026-01-10,,,2026-01-09',
        'A,1,I,4,2026-01-01,2026-01-20,2026-01-25,customer,2026-01-25',
      ),
    );
    expect(dataOf('PromiseCommitted')).toMatchObject([
      {
        lines: [
          {
            lineNo: 1,
            scheduleLines: [
              { scheduleId: '1.1', qty: { value: '6' } },
              { scheduleId: '1.2', qty: { value: '4' } },
            ],
          },
        ],
      },
    ]);
    expect(dataOf('PromiseRevised')).toMatchObject([
      {
        initiator: 'customer',
        customerAgreed: false,
        scheduleLines: [{ scheduleId: '1.2', to: { deliverOn: '2026-01-25' } }],
      },
    ]);
    expect(
      dataOf<{ lines: { scheduleLines: object[] }[] }>('LinesShipped').map(({ lines }) => lines[0]?.scheduleLines),
    ).toMatchObject([[{ scheduleId: '1.1', qty: { value: '6' } }], [{ scheduleId: '1.2', qty: { value: '4' } }]]);
  });

  test('status words without times happen at the latest known time, marked as such', async () => {
    const mapping = {
      ...base,
      milestones: { ordered: 'o' },
      promises: [{ deliverOn: 'p' }],
      status: { cell: 's', means: { done: 'closed', gone: 'shipped', stop: 'cancelled', new: 'open', ok: 'accepted' } },
    };
    const file = csv(
      'order,pos,item,qty,o,p,s',
      'A,1,I,1,2026-01-01,2026-01-10,done',
      'B,1,I,1,2026-01-02,2026-01-10,gone',
      'C,1,I,1,2026-01-03,2026-01-10,stop',
      'D,1,I,1,2026-01-04,2026-01-10,new',
      'E,1,I,1,2026-01-05,2026-01-10,ok',
      'F,1,I,1,2026-01-05,2026-01-10,huh',
    );
    const { summary, events } = await told(mapping, file);
    expect(summary).toMatchObject({ warnings: { 'time-not-known': { count: 3 } }, rejects: { 'status-unknown': 1 } });
    const last = (order: string): Recorded | undefined =>
      events.filter(({ data }) => (data as { orderNo?: string }).orderNo === order).at(-1);
    expect(['A', 'B', 'C', 'D', 'E'].map((order) => last(order)?.type)).toEqual([
      'OrderClosed',
      'LinesShipped',
      'OrderCancelled',
      'PromiseCommitted',
      'PromiseCommitted',
    ]);
    expect(last('A')?.metadata).toMatchObject({
      occurredAt: '2026-01-01T00:00:00.000Z',
      reason: { code: 'time-not-known' },
    });
    expect(
      events.some(({ type, data }) => type === 'OrderAccepted' && (data as { orderNo: string }).orderNo === 'E'),
    ).toBe(true);
  });

  test('more delivered than ordered is told as it was; a cancelled rest is cancelled', async () => {
    const mapping = {
      ...base,
      milestones: { ordered: 'o', delivered: 'd', cancelled: 'c' },
      shipment: { deliveredQuantity: 'got' },
      cancelledBy: { column: 'by', words: { we: 'supplier', they: 'customer' } },
    };
    const file = csv(
      'order,pos,item,qty,o,d,got,c,by',
      'A,1,I,10,2026-01-01,2026-01-05,12,,',
      'B,1,I,10,2026-01-01,2026-01-05,7,2026-01-06,we',
      'B,2,I,10,2026-01-01,2026-01-05,,,',
    );
    const { summary, dataOf } = await told(mapping, file);
    expect(summary).toMatchObject({ warnings: { 'shipped-more-than-ordered': { count: 1 } }, rejects: {} });
    expect(dataOf<{ tolerances?: object }>('OrderStarted').map(({ tolerances }) => tolerances)).toEqual([
      { under: '0', over: '0.2000' },
      undefined,
    ]);
    expect(dataOf('QuantityCancelled')).toMatchObject([
      { initiator: 'supplier', lines: [{ lineNo: 1, qty: { value: '3' } }] },
    ]);
    expect(
      dataOf<{ lines: { qty: { value: string } }[] }>('LinesDelivered').map(({ lines }) =>
        lines.map(({ qty }) => qty.value),
      ),
    ).toEqual([['12'], ['7', '10']]);
  });

  test('more delivered than shipped means that at least that much was shipped', async () => {
    const shipment = { shippedQuantity: 'sent', deliveredQuantity: 'got' };
    const mapping = { ...base, milestones: { ordered: 'o', shipped: 's', delivered: 'd' }, shipment };
    const file = csv('order,pos,item,qty,o,s,d,sent,got', 'A,1,I,10,2026-01-01,2026-01-03,2026-01-05,5,6');
    const { summary, dataOf } = await told(mapping, file);
    expect(summary.rejects).toEqual({});
    expect(dataOf('LinesShipped')).toMatchObject([{ lines: [{ qty: { value: '6' } }] }]);
    expect(dataOf('LinesDelivered')).toMatchObject([{ lines: [{ qty: { value: '6' } }] }]);
  });

  test('a missing delivered quantity is all of it, or a bad row if the mapping wants that', async () => {
    const shipment = { deliveredQuantity: 'got', missingQuantity: 'reject' };
    const mapping = { ...base, milestones: { ordered: 'o', delivered: 'd' }, shipment };
    const file = csv(
      'order,pos,item,qty,o,d,got',
      'A,1,I,10,2026-01-01,2026-01-05,',
      'B,1,I,10,2026-01-01,,',
      'C,1,I,10,2026-01-01,2026-01-05,0',
    );
    const { summary, dataOf } = await told(mapping, file);
    expect(summary).toMatchObject({ rejects: { 'quantity-missing': 1 }, orders: { added: 2 } });
    expect(dataOf('LinesDelivered')).toEqual([]);
  });

  test('a key that is no number for people gets one that follows from it; two columns never read as one', async () => {
    const mapping = { ...base, order: { ...base.order, key: ['a', 'b'] }, milestones: { ordered: 'o' } };
    const file = csv(
      'a,b,pos,item,qty,o',
      '4f2a7c1e-93d0-5f0e-8a44-2f1f6d1c0b7a,1,1,I,1,2026-01-01',
      'x,y,1,I,1,2026-01-01',
      'x/y,z,1,I,1,2026-01-01',
      'x,y/z,1,I,1,2026-01-01',
    );
    const numbers = (run: Awaited<ReturnType<typeof told>>) =>
      run.dataOf<{ orderNo: string }>('OrderStarted').map(({ orderNo }) => orderNo);
    const first = numbers(await told(mapping, file));
    expect(first).toEqual([expect.stringMatching(/^IM-\d{1,15}-\d$/), 'x/y', 'x/y//z', 'x//y/z']);
    expect(numbers(await told(mapping, file))).toEqual(first);
  });

  test('local times are those of the whole mapping, of the cell, or of the ship-to where that is named', async () => {
    const file = csv('order,pos,item,qty,o,d,z', 'A,1,I,1,2026-01-01T10:00,2026-01-05T10:00,Asia/Tokyo');
    const ordered = async (dates: object, delivered: object | string) => {
      const order = { ...base.order, zone: 'z' };
      const milestones = { ordered: 'o', delivered };
      const { events } = await told({ ...base, order, dates, milestones }, file);
      return ['OrderSubmitted', 'LinesDelivered'].map(
        (type) => events.find((event) => event.type === type)?.metadata.occurredAt,
      );
    };
    expect(await ordered({ zone: 'Europe/Berlin' }, { column: 'd', zone: 'UTC' })).toEqual([
      '2026-01-01T09:00:00.000Z',
      '2026-01-05T10:00:00.000Z',
    ]);
    expect(await ordered({ zone: 'ship-to' }, 'd')).toEqual(['2026-01-01T01:00:00.000Z', '2026-01-05T01:00:00.000Z']);
    expect(await ordered({}, { column: 'd', zone: 'ship-to' })).toEqual([
      '2026-01-01T10:00:00.000Z',
      '2026-01-05T01:00:00.000Z',
    ]);
  });

  test('an order of 2,500 lines is placed, promised and delivered whole', async () => {
    const mapping = { ...base, milestones: { ordered: 'o', delivered: 'd' }, promises: [{ deliverOn: 'p' }] };
    const lines = Array.from({ length: 2500 }, (_, index) => `A,${index + 1},I,1,2026-01-01,2026-01-09,2026-01-05`);
    const { summary, dataOf } = await told(mapping, csv('order,pos,item,qty,o,p,d', ...lines));
    expect(summary).toMatchObject({ rejects: {}, orders: { added: 1 } });
    const delivered = dataOf<{ lines: unknown[] }>('LinesDelivered').reduce(
      (sum, { lines: some }) => sum + some.length,
      0,
    );
    expect(delivered).toBe(2500);
  });
});
