import { describe, expect, test } from 'vitest';
import { uuidv5 } from '../../../../src/values/ids.ts';
import {
  accepted,
  command,
  fact,
  given,
  line,
  part,
  pieces,
  promised,
  scheduled,
  shipped,
  stateOf,
} from '../../../support/orders.ts';
import { context } from '../../../support/spec.ts';

const lines = [line(1, 10), line(2, 4)];
/** Line 1: 4 due in May, 3 in April, 3 without a promise. */
const withPromises = [
  ...accepted(lines),
  promised(1, scheduled('1.1', 4, '2026-05-01'), scheduled('1.2', 3, '2026-04-01')),
];
const ship = (...entries: object[]) =>
  command('ship', { shipmentId: 'S1', lines: entries.map((entry) => ({ lineNo: 1, ...entry })) });

describe('ship', () => {
  test('counts against the promises due first, then without a promise', () => {
    given(...withPromises)
      .when(ship({ qty: pieces(5) }))
      .thenHappened(
        fact('LinesShipped', {
          shipmentId: 'S1',
          lines: [{ lineNo: 1, qty: pieces(5), scheduleLines: [part('1.2', 3), part('1.1', 2)] }],
        }),
      );
    given(...withPromises)
      .when(ship({}))
      .thenHappened(
        fact('LinesShipped', {
          shipmentId: 'S1',
          lines: [
            { lineNo: 1, qty: pieces(10), scheduleLines: [part('1.2', 3), part('1.1', 4)], unpromised: pieces(3) },
          ],
        }),
      );
  });

  test('counts against the promise that is named; a line named with several promises is recorded once', () => {
    given(...withPromises)
      .when(ship({ scheduleId: '1.1' }, { scheduleId: '1.2', qty: pieces(1) }, { lineNo: 2 }))
      .thenHappened(
        fact('LinesShipped', {
          shipmentId: 'S1',
          lines: [
            { lineNo: 1, qty: pieces(5), scheduleLines: [part('1.1', 4), part('1.2', 1)] },
            { lineNo: 2, qty: pieces(4), scheduleLines: [], unpromised: pieces(4) },
          ],
        }),
      );
    given(...withPromises)
      .when(ship({ scheduleId: '1.1', qty: pieces(1) }, { qty: pieces(4) }))
      .thenHappened(
        fact('LinesShipped', {
          shipmentId: 'S1',
          lines: [{ lineNo: 1, qty: pieces(5), scheduleLines: [part('1.1', 2), part('1.2', 3)] }],
        }),
      );
  });

  test('goes on with what earlier shipments left', () => {
    given(...withPromises, shipped('S0', 1, 4, [part('1.2', 3), part('1.1', 1)]))
      .when(ship({}))
      .thenHappened(
        fact('LinesShipped', {
          shipmentId: 'S1',
          lines: [{ lineNo: 1, qty: pieces(6), scheduleLines: [part('1.1', 3)], unpromised: pieces(3) }],
        }),
      );
  });

  test('keeps carriage and derives an id for a shipment without one', () => {
    const carriage = { carrier: 'DHL', tracking: 'T1', mode: 'Air', zone: 'Europe/Berlin' };
    const { decision } = given(...withPromises).when(command('ship', { ...carriage, lines: [{ lineNo: 2 }] }));
    expect(decision.ok && decision.facts[0]?.data).toMatchObject({
      ...carriage,
      shipmentId: uuidv5(context.commandId, 'shipment'),
    });
  });

  test('goods that leave pass all buckets before shipped', () => {
    const [first] = stateOf([...withPromises, shipped('S0', 1, 4, [part('1.2', 3)])]).lines;
    const { allocated, released, picked, packed, shippedUnpromised } = first?.ledger ?? {};
    expect([allocated, released, picked, packed, shippedUnpromised]).toEqual(['4', '4', '4', '4', '1']);
  });

  test('may exceed the order by the over-delivery tolerance, no further', () => {
    const tolerant = accepted(lines, { tolerances: { under: '0', over: '0.1' } });
    expect(given(...tolerant).when(ship({ qty: pieces(11) })).decision.ok).toBe(true);
    given(...tolerant)
      .when(ship({ qty: pieces('11.001') }))
      .thenRefused('quantity-exceeds-open', '/lines/0/qty');
  });

  test('refuses what cannot leave', () => {
    const base = given(...withPromises);
    base.when(ship({ lineNo: 3 })).thenRefused('line-unknown', '/lines/0/lineNo');
    base.when(ship({ qty: pieces(0) })).thenRefused('quantity-not-positive', '/lines/0/qty');
    base.when(ship({ qty: { value: '1', uom: 'KGM' } })).thenRefused('unit-mismatch', '/lines/0/qty');
    base.when(ship({ qty: pieces(11) })).thenRefused('quantity-exceeds-open', '/lines/0/qty');
    base.when(ship({ scheduleId: '1.9' })).thenRefused('schedule-line-unknown', '/lines/0/scheduleId');
    base.when(ship({ scheduleId: '1.1', qty: pieces(5) })).thenRefused('quantity-exceeds-promise', '/lines/0/qty');
    base.when(ship({ qty: pieces(1) }, { qty: pieces(1) })).thenRefused('duplicate-target', '/lines/1/lineNo');
    base.when(ship({ scheduleId: '1.1' }, { qty: pieces(7) })).thenRefused('quantity-exceeds-open', '/lines/1/qty');
    base.when(command('ship', { zone: 'X/Y', lines: [{ lineNo: 1 }] })).thenRefused('zone-unknown', '/zone');
    const allShipped = [...withPromises, shipped('S0', 1, 10, [part('1.1', 4), part('1.2', 3)])];
    given(...allShipped)
      .when(ship({}))
      .thenRefused('nothing-to-ship', '/lines/0');
    given(...allShipped)
      .when(ship({ scheduleId: '1.1' }))
      .thenRefused('nothing-to-ship', '/lines/0');
    given(...withPromises, shipped('S1', 1, 1))
      .when(ship({}))
      .thenRefused('shipment-exists', '/shipmentId');
    const many = Array.from({ length: 2000 }, (_, i) => fact('LinesShipped', { shipmentId: `X${i}`, lines: [] }));
    given(...withPromises, ...many)
      .when(ship({}))
      .thenRefused('too-many-shipments');
  });
});
