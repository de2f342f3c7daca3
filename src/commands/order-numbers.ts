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
      const least = String(parseOrderNumber(orderNo));
      const [row] = await database.query<{ above: boolean }>({
        text: 'select is_called and last_value >= $1::bigint as above from order_numbers',
        values: [least],
      });
      if (row?.above) return; // it never goes down
      await database.transaction(async (tx) => {
        // Keeps other processes from drawing between the look and the change: they would be given the same numbers again.
        await tx.query({ text: 'alter sequence order_numbers no cycle' });
        await tx.query({
          text: `select setval('order_numbers', greatest($1::bigint, last_value)) from order_numbers`,
          values: [least],
        });
      });
      block = [];
    },
  };
}
