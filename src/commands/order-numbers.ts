import type { Database, Migration } from '../database/database.ts';
import { formatOrderNumber, parseOrderNumber } from '../values/ids.ts';

export const orderNumberMigrations: readonly Migration[] = [
  // A row, not a sequence: a sequence can be raised only by ALTER, which readers at the same moment do not survive.
  {
    name: 'order-numbers-1',
    sql: 'create table order_numbers (last bigint not null); insert into order_numbers values (0)',
  },
];

/** Draws order numbers. They grow and never repeat, but gaps are normal: each process draws a block at a time. */
export interface OrderNumbers {
  draw(): Promise<string>;
  /** Makes every later block begin above this number, e.g. after the table was lost with its database. */
  raiseAbove(orderNo: string): Promise<void>;
}

const blockSize = 32;

export function orderNumbers(database: Database): OrderNumbers {
  let block: string[] = [];
  let drawing: Promise<void> | undefined;

  async function drawBlock(): Promise<void> {
    const [row] = await database.query<{ last: string }>({
      name: 'draw-order-numbers',
      text: 'update order_numbers set last = last + $1::int returning last',
      values: [blockSize],
    });
    if (!row) throw new Error('The table order_numbers is empty; the data directory was changed by hand');
    const first = BigInt(row.last) - BigInt(blockSize - 1);
    block = Array.from({ length: blockSize }, (_, index) => formatOrderNumber(first + BigInt(index)));
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
        text: 'update order_numbers set last = $1::bigint where last < $1::bigint',
        values: [String(parseOrderNumber(orderNo))],
      });
      block = [];
    },
  };
}
