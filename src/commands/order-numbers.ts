import type { Database, Migration } from '../database/database.ts';
import { formatOrderNumber, parseOrderNumber } from '../values/ids.ts';

export const orderNumberMigrations: readonly Migration[] = [
  { name: 'order-numbers-1', sql: 'create sequence order_numbers as bigint minvalue 1' },
];

/** Draws order numbers. They grow and never repeat, but gaps are normal: each process draws a block at a time. */
export interface OrderNumbers {
  draw(): Promise<string>;
  /** Makes every later block begin above this number, e.g. after the sequence was lost with its database. */
  raiseAbove(orderNo: string): Promise<void>;
}

const blockSize = 32;

export function orderNumbers(database: Database): OrderNumbers {
  let block: string[] = [];
  let drawing: Promise<void> | undefined;

  async function drawBlock(): Promise<void> {
    const rows = await database.query<{ number: string }>({
      name: 'draw-order-numbers',
      text: `select nextval('order_numbers') as number from generate_series(1, $1::int)`,
      values: [blockSize],
    });
    block = rows.map((row) => formatOrderNumber(BigInt(row.number)));
  }

  return {
    async draw() {
      for (;;) {
        const drawn = block.shift();
        if (drawn !== undefined) return drawn;
        drawing ??= drawBlock().finally(() => {
          drawing = undefined;
        });
        await drawing;
      }
    },
    async raiseAbove(orderNo) {
      await database.query({
        text: `select setval('order_numbers', greatest($1::bigint, nextval('order_numbers')))`,
        values: [String(parseOrderNumber(orderNo))],
      });
      block = [];
    },
  };
}
