import { afterAll, describe, expect, test } from 'vitest';
import type { Recorded } from '../../src/events/envelope.ts';
import { fileFolder } from '../support/import-files.ts';
import { base, told } from '../support/told-history.ts';

const folder = fileFolder();
afterAll(() => folder.remove());

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

  test('bytes that are no text in the encoding of the file are counted as a warning', async () => {
    const bytes = Buffer.from('order,pos,item,qty,o\nA,1,I,1,2026-01-01\nB,1,M\xfcller,1,2026-01-01\n', 'latin1');
    const file = folder.write('latin.csv', bytes);
    const mapping = { ...base, milestones: { ordered: 'o' } };
    expect((await told(mapping, file)).summary.warnings).toEqual({
      'undecodable-characters': { count: 1, first: `${file}:3` },
    });
    const right = { ...mapping, files: { rows: { encoding: 'windows-1252' } } };
    expect((await told(right, file)).summary.warnings).toEqual({});
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
