import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evolve } from '../../src/commands/order/evolve.ts';
import { noOrder, type OrderState } from '../../src/commands/order/state.ts';
import { orderDocument, restoreOrder } from '../../src/projections/orders/document.ts';
import { randomLife } from '../support/order-commands.ts';
import { typicalOrder } from '../support/order-history.ts';
import { eventsOfLife } from '../support/random-history.ts';

const stored = (value: unknown) => JSON.parse(JSON.stringify(value));

test('the document of any order can be turned back into the order, and shows the same again', () => {
  const property = fc.property(randomLife, (life) => {
    let state: OrderState = noOrder;
    for (const event of eventsOfLife(life, 1).events) {
      state = evolve(state, event as never, event.metadata);
      const document = stored(orderDocument(state, 3));
      const restored = restoreOrder(document);
      expect(restored).toEqual(stored(state));
      expect(stored(orderDocument(restored, 3))).toEqual(document);
    }
  });
  fc.assert(property, { numRuns: process.env.ORDERFOLD_SOAK ? 500 : 30 });
});

test('the document of a typical order stays small', () => {
  let state: OrderState = noOrder;
  for (const event of typicalOrder(7).events) state = evolve(state, event as never, event.metadata);
  expect(JSON.stringify(orderDocument(state, 9)).length).toBeLessThan(3_100);
});
