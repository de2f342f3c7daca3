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
});
