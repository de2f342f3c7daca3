import { beforeAll, expect, test } from 'vitest';
import { orderNumberMigrations, orderNumbers } from '../../src/commands/order-numbers.ts';
import { migrate } from '../../src/database/migrate.ts';
import { formatOrderNumber, parseOrderNumber } from '../../src/values/ids.ts';
import { eachDatabase } from '../support/databases.ts';

eachDatabase('order numbers', (opened) => {
  beforeAll(() => migrate(opened().database, orderNumberMigrations));

  test('never repeat, whoever draws', async () => {
    const desks = [orderNumbers(opened().database), orderNumbers(opened().database)];
    const drawn = await Promise.all(Array.from({ length: 150 }, (_, i) => desks[i % 2]?.draw()));
    expect(new Set(drawn).size).toBe(150);
    expect(drawn.map((one) => parseOrderNumber(one ?? '')).every((number) => number > 0)).toBe(true);
  });

  test('go on above a number that is known to be used', async () => {
    const desk = orderNumbers(opened().database);
    await desk.draw();
    await desk.raiseAbove(formatOrderNumber(50_000));
    expect(parseOrderNumber(await desk.draw())).toBeGreaterThan(50_000);
    await desk.raiseAbove(formatOrderNumber(7));
    expect(parseOrderNumber(await desk.draw())).toBeGreaterThan(50_000);
  });

  test('do not repeat while another process that starts raises them', async () => {
    const drawn: string[] = [];
    const draw = async () => {
      for (let n = 0; n < 20; n += 1) {
        const desk = orderNumbers(opened().database);
        drawn.push(await desk.draw(), await desk.draw());
      }
    };
    const raise = async () => {
      for (let n = 0; n < 20; n += 1) {
        await orderNumbers(opened().database).raiseAbove(formatOrderNumber(60_000 + n * 100));
      }
    };
    await Promise.all([draw(), raise(), draw(), raise(), draw()]);
    expect(new Set(drawn).size).toBe(drawn.length);
  });
});
