import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { Recorded } from '../../src/events/envelope.ts';
import { fileFolder, importInto, Killed, killedAt, streamsDigest } from '../support/import-files.ts';
import { memoryLog } from '../support/memory-log.ts';

const mapping = {
  name: 'example',
  nulls: ['-'],
  dates: { formats: ['D.M.YY', 'iso'], zone: 'Europe/Berlin' },
  order: {
    key: 'Order',
    currency: { value: 'EUR' },
    country: 'Country',
    dimensions: { route: 'Route' },
  },
  customer: { id: 'Customer', country: 'Country' },
  line: { number: 'Pos', sku: 'Item', quantity: 'Qty', price: 'Price', requestedOn: 'Wanted' },
  milestones: {
    ordered: 'Ordered',
    shipped: 'Shipped',
    delivered: { column: 'Arrived', recorded: 'Scanned' },
    cancelled: 'Cancelled',
  },
  promises: [{ deliverOn: 'Promise' }, { deliverOn: 'Moved', initiator: { value: 'supplier' } }],
  shipment: { key: 'Note', shippedQuantity: 'Sent', deliveredQuantity: 'Got' },
  deliveryErrors: [{ kind: 'damage', when: 'Damaged' }],
};

const header =
  'Order,Pos,Customer,Country,Route,Item,Qty,Price,Wanted,Ordered,Promise,Moved,Shipped,Note,Sent,Arrived,Scanned,Got,Damaged,Cancelled';
const rows = [
  'A-1,1,Acme,Germany,direct,VALVE,10,2.50,12.1.26,5.1.26,14.1.26,16.1.26,12.1.26,N1,6,14.1.26,15.1.26,6,no,-',
  'A-1,1,Acme,Germany,direct,VALVE,10,2.50,12.1.26,5.1.26,14.1.26,16.1.26,15.1.26,N2,4,16.1.26,16.1.26,4,yes,-',
  'A-1,2,Acme,Germany,direct,PUMP,1,99,12.1.26,5.1.26,14.1.26,-,12.1.26,N1,1,14.1.26,15.1.26,1,,-',
  'A-2,1,Beta,France,stock,PUMP,2,99,-,-,20.1.26,-,-,N3,-,19.1.26,-,-,-,-',
  'A-3,1,Acme,Germany,stock,SEAL,5,1,-,6.1.26,9.1.26,-,-,-,-,-,-,-,-,8.1.26',
  'A-4,1,Acme,Germany,stock,SEAL,5,1,-,7.1.26,9.1.26,-,-,-,-,-,-,-,-,-',
];
const csv = [header, ...rows].join('\r\n');

const of = (events: readonly Recorded[], order: string): Recorded[] => {
  const stream = events.find(({ data }) => (data as { orderNo?: string }).orderNo === order)?.stream;
  return events.filter((event) => event.stream === stream);
};
const typesOf = (events: readonly Recorded[], order: string): string[] => of(events, order).map(({ type }) => type);

describe('importing order history', () => {
  const folder = fileFolder();
  afterAll(() => folder.remove());
  const file = folder.write('orders.csv', csv);

  test('tells each order as events, with the times of the file', async () => {
    const log = memoryLog();
    const summary = await importInto(log, mapping, { files: [file] });
    expect(summary).toMatchObject({
      rows: 6,
      rowsRejected: 0,
      orders: { read: 4, added: 4, known: 0, rejected: 0 },
      customersAdded: 2,
      rejects: {},
      warnings: {},
      interrupted: false,
    });
    expect(summary.eventsAppended).toBe(log.events.length);
    const a1 = of(log.events, 'A-1');
    expect(typesOf(log.events, 'A-1')).toEqual([
      'OrderStarted',
      'OrderLinesAdded',
      'OrderSubmitted',
      'OrderAccepted',
      'PromiseCommitted',
      'PromiseRevised',
      'LinesShipped',
      'LinesDelivered',
      'LinesShipped',
      'LinesDelivered',
      'DeliveryErrorRecorded',
    ]);
    const delivered = a1.filter(({ type }) => type === 'LinesDelivered');
    expect(delivered.map(({ metadata }) => [metadata.occurredAt, metadata.recordedAt])).toEqual([
      ['2026-01-13T23:00:00.000Z', '2026-01-14T23:00:00.000Z'],
      ['2026-01-15T23:00:00.000Z', '2026-01-15T23:00:00.000Z'],
    ]);
    expect(delivered[0]?.data).toMatchObject({
      shipmentId: 'N1',
      lines: [
        { lineNo: 1, qty: { value: '6', uom: 'C62' } },
        { lineNo: 2, qty: { value: '1', uom: 'C62' } },
      ],
    });
    expect(a1[0]?.metadata.source).toMatchObject({ kind: 'file', ref: 'orders.csv:2' });
    expect(a1[0]?.metadata.source?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(a1[1]?.data).toMatchObject({
      lines: [
        { lineNo: 1, qty: { value: '10' }, orderedAt: '2026-01-04T23:00:00.000Z', requestedDate: '2026-01-12' },
        { lineNo: 2 },
      ],
    });
    expect(typesOf(log.events, 'A-3')).toContain('OrderCancelled');
    expect(typesOf(log.events, 'A-4').at(-1)).toBe('PromiseCommitted');
  });

  test('an order without an order date is placed at its earliest date and does not claim to know more', async () => {
    const log = memoryLog();
    await importInto(log, mapping, { files: [file] });
    const [started, lines] = of(log.events, 'A-2');
    expect(started?.metadata).toMatchObject({
      occurredAt: '2026-01-18T23:00:00.000Z',
      reason: { code: 'time-not-known' },
    });
    expect(lines?.data).toMatchObject({ lines: [{ orderedAt: null }] });
    const shipped = of(log.events, 'A-2').find(({ type }) => type === 'LinesShipped');
    expect(shipped?.metadata.reason).toEqual({ code: 'implied-by-history' });
    expect(shipped?.data).toMatchObject({ lines: [{ qty: { value: '2' } }] });
  });

  test('the same file a second time adds nothing, also under another name and with another order of rows', async () => {
    const log = memoryLog();
    await importInto(log, mapping, { files: [file] });
    const before = log.events.length;
    const again = await importInto(log, mapping, { files: [file] });
    const moved = folder.write('copy.csv', [header, ...rows.toReversed()].join('\n'));
    const copy = await importInto(log, mapping, { files: [moved] });
    for (const summary of [again, copy]) {
      expect(summary).toMatchObject({
        eventsAppended: 0,
        customersAdded: 0,
        orders: { added: 0, known: 4, rejected: 0 },
      });
    }
    expect(log.events.length).toBe(before);
  });

  test('a later export of the same orders adds only what is new', async () => {
    const log = memoryLog();
    await importInto(log, mapping, { files: [file] });
    const grown = rows.with(5, 'A-4,1,Acme,Germany,stock,SEAL,5,1,-,7.1.26,9.1.26,-,8.1.26,N9,5,9.1.26,-,5,-,-');
    const later = folder.write('later.csv', [header, ...grown].join('\n'));
    const summary = await importInto(log, mapping, { files: [later] });
    expect(summary).toMatchObject({ eventsAppended: 3, orders: { added: 1, known: 3, rejected: 0 } });
    expect(typesOf(log.events, 'A-4').slice(-3)).toEqual(['OrderAccepted', 'LinesShipped', 'LinesDelivered']);
  });

  test('killed at any append, before or after it was recorded, it ends with the same streams when run again', async () => {
    const whole = memoryLog();
    await importInto(whole, mapping, { files: [file], concurrency: 3 });
    const expected = streamsDigest(whole.events);
    let appends = 0;
    await importInto({ ...memoryLog(), append: countingAppend(() => (appends += 1)) }, mapping, { files: [file] });
    expect(appends).toBeGreaterThan(15);
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; at <= appends; at += 1) {
        const log = memoryLog();
        await expect(
          importInto(killedAt(log, at, when), mapping, { files: [file], concurrency: 3 }),
        ).rejects.toBeInstanceOf(Killed);
        const summary = await importInto(log, mapping, { files: [file] });
        expect(summary.orders.rejected).toBe(0);
        expect(streamsDigest(log.events), `${when} ${at}`).toBe(expected);
      }
    }
  });

  test('stopped by its signal it says so, and goes on from there', async () => {
    const log = memoryLog();
    const controller = new AbortController();
    const stopped = await importInto(log, mapping, {
      files: [file],
      concurrency: 1,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(stopped).toMatchObject({ interrupted: true, orders: { read: 1 } });
    const rest = await importInto(log, mapping, { files: [file] });
    expect(rest).toMatchObject({ interrupted: false, orders: { known: 1, added: 3 } });
    const whole = memoryLog();
    await importInto(whole, mapping, { files: [file] });
    expect(streamsDigest(log.events)).toBe(streamsDigest(whole.events));
  });

  test('a dry run decides everything and records nothing', async () => {
    const log = memoryLog();
    const dry = await importInto(log, mapping, { files: [file], dryRun: true });
    expect(log.events).toEqual([]);
    const real = await importInto(log, mapping, { files: [file] });
    expect(dry).toMatchObject({ dryRun: true, eventsAppended: real.eventsAppended, orders: real.orders });
  });

  test('shows how far it has come', async () => {
    const seen: number[] = [];
    await importInto(memoryLog(), mapping, {
      files: [file],
      concurrency: 1,
      onProgress: ({ done, total, rate }) => {
        expect([total, rate > 0]).toEqual([6, true]);
        seen.push(done);
      },
    });
    expect(seen).toEqual([3, 4, 5, 6]);
  });
});

describe('rejects', () => {
  const folder = fileFolder();
  afterAll(() => folder.remove());
  const bad = [
    ...rows,
    'B-1,1,Acme,Germany,direct,VALVE,ten,2.50,-,5.1.26,32.1.26,-,-,-,-,-,-,-,-,-',
    'B-1,2,Acme,Germany,direct,VALVE,1,2.50,-,5.1.26,14.1.26,-,-,-,-,-,-,-,-,-',
    'B-2,1,Acme,Germany,direct,VALVE,1,2.50,-,5.1.26,14.1.26,-,9.1.26,N1,1,8.1.26,-,-,-,-',
    ',1,Acme,Germany,direct,VALVE,1,2.50,-,5.1.26,14.1.26,-,-,-,-,-,-,-,-,-',
    'B-3,1,Acme',
    'B-4,1,Acme,Germany,direct,VALVE,1,2.50,-,-,-,-,-,-,-,-,-,-,-,-',
    'B-5,1,Acme,Germany,direct,VALVE,1,2.50,-,5.1.26,14.1.26,-,6.1.27,N1,1,-,-,-,-,-',
  ];
  const file = folder.write('bad.csv', [header, ...bad].join('\r'));

  test('name file, line, column, code and reason; the rest is imported', async () => {
    const log = memoryLog();
    const rejectsFile = folder.path('rejects.csv');
    const summary = await importInto(log, mapping, { files: [file], rejectsFile });
    expect(summary).toMatchObject({
      rows: 13,
      rowsRejected: 4,
      orders: { read: 7, added: 5, rejected: 2 },
      rejects: {
        'not-a-number': 1,
        'not-a-date': 1,
        'delivered-before-shipped': 1,
        'value-missing': 1,
        'column-count': 1,
        'no-date': 1,
        'occurred-in-future': 1,
      },
    });
    const written = readFileSync(rejectsFile, 'utf8').trim().split('\n');
    expect(written[0]).toBe('file,line,column,code,reason');
    expect(written).toContain(`${file},8,Qty,not-a-number,"""ten"" is not a number"`);
    expect(written.filter((line) => line.includes(',8,Promise,not-a-date,'))).toHaveLength(1);
    expect(written.filter((line) => line.includes(',14,,occurred-in-future,ship of order B-5'))).toHaveLength(1);
    expect(written).toHaveLength(8);
    expect(typesOf(log.events, 'B-1')).toContain('OrderSubmitted');
  });

  test('with onBadRow reject-order, a bad row takes its order with it, by name', async () => {
    const log = memoryLog();
    const summary = await importInto(log, { ...mapping, onBadRow: 'reject-order' }, { files: [file] });
    expect(summary.rejects).toMatchObject({ 'order-rejected': 1 });
    expect(summary.firstRejects.find(({ code }) => code === 'order-rejected')).toMatchObject({ line: 9 });
    expect(typesOf(log.events, 'B-1')).toEqual([]);
  });

  test('a mapping that names a column that is not there fails before anything is read', async () => {
    const wrong = { ...mapping, line: { ...mapping.line, sku: 'Itm' } };
    const failing = importInto(memoryLog(), wrong, { files: [file] });
    await expect(failing).rejects.toMatchObject({
      code: 'column-not-found',
      problems: [{ file, line: 1, pointer: '/line/sku', column: 'Itm' }],
    });
    await expect(importInto(memoryLog(), mapping, { files: [folder.path('none.csv')] })).rejects.toMatchObject({
      code: 'file-not-readable',
    });
  });
});

/** An append that only counts; nothing it is given is kept, so every order starts anew. */
function countingAppend(count: () => void): ReturnType<typeof memoryLog>['append'] {
  const log = memoryLog();
  return (stream, events, options) => {
    count();
    return log.append(stream, events, options);
  };
}
