import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileFolder, mappingOf } from '../support/import-files.ts';
import { type ImportedDatabase, importedDatabase } from '../support/imported-database.ts';

/** History made by a rule, so that every answer is known by counting: day numbers follow from the row number. */
const orders = 150;
const linesPerOrder = 3;

interface Line {
  readonly order: string;
  readonly mode: string;
  readonly days: number;
  readonly late: boolean;
  readonly open: boolean;
}

const lines: readonly Line[] = Array.from({ length: orders * linesPerOrder }, (_, index): Line => {
  const order = Math.floor(index / linesPerOrder);
  const days = 5 + ((index * 7) % 31);
  return {
    order: `T-${order}`,
    mode: ['Sea', 'Air', 'Road'][order % 3] ?? '',
    days,
    late: index % 5 === 0,
    open: order % 50 === 49,
  };
});

const csv = [
  'Order;Customer;Mode;Item;Qty;Ordered;Promise;Delivered',
  ...lines.map(({ order, mode, days, late, open }, index) => {
    const promised = late ? days - 1 : days;
    const delivered = open ? 'open' : day(days);
    return `${order};K${index % 4};${mode};I${index % 9};"1.000,5";${day(0)};${day(promised)};${delivered}`;
  }),
].join('\r');

function day(offset: number): string {
  const date = new Date(Date.UTC(2025, 2, 1 + offset));
  return `${date.getUTCDate()}.${date.getUTCMonth() + 1}.${date.getUTCFullYear()}`;
}

const mapping = mappingOf({
  name: 'known',
  files: { rows: { encoding: 'utf-16le', delimiter: ';' } },
  nulls: ['open'],
  numbers: { decimal: ',', thousands: '.' },
  dates: { formats: ['D.M.YYYY'], zone: 'America/New_York' },
  order: { key: 'Order', currency: { value: 'USD' }, dimensions: { mode: 'Mode' } },
  customer: { id: 'Customer' },
  line: { sku: 'Item', quantity: 'Qty', unit: { value: 'KGM' } },
  milestones: { ordered: 'Ordered', delivered: 'Delivered' },
  promises: [{ deliverOn: 'Promise' }],
});

describe('imported history with known answers', () => {
  const folder = fileFolder();
  const file = folder.write('known.csv', Buffer.from(`\ufeff${csv}`, 'utf16le'));
  const delivered = lines.filter(({ open }) => !open);
  let house: ImportedDatabase;

  beforeAll(async () => {
    house = await importedDatabase(() => '2025-12-01T00:00:00.000Z');
    const summary = await house.run({ mapping, files: [file] });
    expect(summary).toMatchObject({ rows: lines.length, rowsRejected: 0, orders: { added: orders, rejected: 0 } });
    await house.project();
  });
  afterAll(async () => {
    await house.close();
    folder.remove();
  });

  test('lines and orders on time, by mode too', async () => {
    const onTime = (some: readonly Line[]) => some.filter(({ late }) => !late).length;
    expect((await house.kpi({ kpi: 'on_time_rate' })).rows).toMatchObject([
      { num: onTime(delivered), den: delivered.length },
    ]);
    const late = new Set(delivered.filter((line) => line.late).map(({ order }) => order));
    const all = new Set(delivered.map(({ order }) => order));
    const byOrder = await house.kpi({ kpi: 'on_time_rate', grain: 'order' });
    expect(byOrder.rows).toMatchObject([{ num: all.size - late.size, den: all.size }]);
    const byMode = await house.kpi({ kpi: 'on_time_rate', group: ['mode'] });
    for (const { group, num, den } of byMode.rows) {
      const mine = delivered.filter(({ mode }) => mode === group.mode);
      expect([num, den]).toEqual([onTime(mine), mine.length]);
    }
    expect(byMode.rows).toHaveLength(3);
  });

  test('what is open and overdue counts when the population is all that is due', async () => {
    const due = await house.kpi({ kpi: 'on_time_rate', population: 'due' });
    expect(due.rows).toMatchObject([{ den: lines.length, num: delivered.filter(({ late }) => !late).length }]);
  });

  test('cycle time to the second: summer time began at 2:00 on day 8, which makes the days after it an hour shorter', async () => {
    const { rows } = await house.kpi({ kpi: 'cycle_time' });
    const days = delivered.map((line) => line.days - (line.days >= 9 ? 1 / 24 : 0));
    expect(rows[0]?.distribution?.mean).toBeCloseTo(days.reduce((a, b) => a + b, 0) / days.length, 6);
  });

  test('imported again it adds nothing', async () => {
    expect(await house.run({ mapping, files: [file] })).toMatchObject({ eventsAppended: 0, orders: { known: orders } });
  });
});
