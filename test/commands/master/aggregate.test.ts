import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { masterAggregate } from '../../../src/commands/master/aggregate.ts';
import { holdsOn, type MasterState } from '../../../src/commands/master/state.ts';
import type { MasterFact, MasterKind, Specification } from '../../../src/events/catalog/master/index.ts';
import { context, specificationOf } from '../../support/spec.ts';

const pump: Specification<'item'> = { description: 'Pump', uom: 'C62', sourcing: 'stock' };
const dearer: Specification<'item'> = { ...pump, description: 'Pump, new' };
const specified = (effectiveFrom: string, specification: Specification<'item'> = pump): MasterFact => ({
  type: 'ItemSpecified',
  data: { id: 'PUMP', effectiveFrom, specification },
});
const withdrawn = (effectiveFrom: string): MasterFact => ({
  type: 'ItemWithdrawn',
  data: { id: 'PUMP', effectiveFrom },
});
const specify = (specification: Specification<'item'>, effectiveFrom?: string) =>
  ({ kind: 'specify', body: { id: 'PUMP', specification, ...(effectiveFrom && { effectiveFrom }) } }) as const;

const { given, stateOf } = specificationOf(masterAggregate('item'));

describe('master data', () => {
  test('holds from today on unless told otherwise', () =>
    given()
      .when(specify(pump))
      .thenHappened(specified(context.now.slice(0, 10))));

  test('what holds on that date anyway changes nothing', () => {
    given(specified('2026-01-01'))
      .when(specify({ ...pump }, '2026-02-01'))
      .thenNothing();
    given(specified('2026-01-01')).when(specify(dearer, '2026-02-01')).thenHappened(specified('2026-02-01', dearer));
    given(specified('2026-01-01')).when(specify(pump, '2025-12-31')).thenHappened(specified('2025-12-31'));
  });

  test('is withdrawn, once, and holds again', () => {
    given().when({ kind: 'withdraw', body: {} }).thenRefused('master-unknown');
    const command = { kind: 'withdraw', body: { effectiveFrom: '2026-03-01' } } as const;
    given(specified('2026-01-01')).when(command).thenHappened(withdrawn('2026-03-01'));
    given(specified('2026-01-01'), withdrawn('2026-02-01')).when(command).thenNothing();
    given(specified('2026-01-01'), withdrawn('2026-02-01'))
      .when(specify(pump, '2026-03-01'))
      .thenHappened(specified('2026-03-01'));
  });

  test('a day that does not exist is refused', () =>
    given().when(specify(pump, '2026-02-30')).thenRefused('date-impossible', '/effectiveFrom'));

  test('a thing has at most a thousand versions', () => {
    const days = Array.from({ length: 1_000 }, (_, n) => new Date(Date.UTC(2020, 0, 1 + n)).toISOString().slice(0, 10));
    given(...days.map((day) => specified(day)))
      .when(specify(dearer, '2026-01-01'))
      .thenRefused('master-too-many-versions');
  });

  test('on every day the latest version that has begun holds, and of one date the last recorded', () => {
    const days = fc.integer({ min: 1, max: 28 }).map((day) => `2026-03-${String(day).padStart(2, '0')}`);
    const facts = fc.array(fc.tuple(days, fc.option(fc.string({ minLength: 1, maxLength: 5 }))), { maxLength: 12 });
    fc.assert(
      fc.property(facts, days, (history, asked) => {
        const state = stateOf(
          history.map(([day, words]) =>
            words === null ? withdrawn(day) : specified(day, { ...pump, description: words }),
          ),
        );
        const begun = history.filter(([day]) => day <= asked);
        const latest = begun
          .map(([day]) => day)
          .sort()
          .at(-1);
        const words = begun.findLast(([day]) => day === latest)?.[1];
        expect(holdsOn(state, asked)?.description).toBe(words ?? undefined);
      }),
    );
  });
});

describe('what a specification cannot say', () => {
  const refused = <Kind extends MasterKind>(
    kind: Kind,
    specification: Specification<Kind>,
    code: string,
    place: string,
  ) => {
    const { decide } = masterAggregate(kind);
    const decision = decide(null as MasterState<Kind>, { kind: 'specify', body: { id: 'X', specification } }, context);
    expect(decision).toMatchObject({ ok: false, refusal: { code, place } });
  };
  const hours = [{ from: '08:00', to: '16:00' }];

  test('an item that converts its own unit, or one unit twice', () => {
    const box = { uom: 'BX', numerator: '12', denominator: '1' };
    refused('item', { ...pump, conversions: [{ ...box, uom: 'C62' }] }, 'master-contradictory', '/conversions');
    refused('item', { ...pump, conversions: [box, box] }, 'master-named-twice', '/conversions/1');
  });

  test('a bill of material of which the item is a component itself', () => {
    const component = { sku: 'PUMP', quantityPer: { value: '1', uom: 'C62' } };
    refused('bom', { sku: 'PUMP', components: [component] }, 'master-contradictory', '/components');
    const aside = [{ ...component, sku: 'SEAL', alternates: ['PUMP'] }];
    refused('bom', { sku: 'PUMP', components: aside }, 'master-contradictory', '/components');
  });

  test('a calendar with hours that end before they begin, in no zone, or with a day twice', () => {
    const week = [{ day: 1, hours }];
    refused('calendar', { zone: 'Mars/Base', week }, 'zone-unknown', '/zone');
    refused('calendar', { zone: 'UTC', week: [...week, ...week] }, 'master-named-twice', '/week/1');
    refused(
      'calendar',
      { zone: 'UTC', week: [{ day: 1, hours: [{ from: '16:00', to: '08:00' }] }] },
      'master-contradictory',
      '/week',
    );
    const exceptions = [{ from: '2026-02-30', to: '2026-03-01', hours }];
    refused('calendar', { zone: 'UTC', week, exceptions }, 'date-impossible', '/exceptions/0/from');
  });

  test('instalments that do not add up', () => {
    const instalments = [
      { fraction: '0.5', days: 10 },
      { fraction: '0.4', days: 30 },
    ];
    refused('terms', { description: 'Half and half', instalments }, 'master-contradictory', '/instalments');
  });

  test('a price list with one price twice, or below zero', () => {
    const price = { sku: 'PUMP', amount: '1.5' };
    refused('pricelist', { currency: 'EUR', prices: [price, price] }, 'master-named-twice', '/prices/1');
    refused(
      'pricelist',
      { currency: 'EUR', prices: [{ ...price, amount: '-1' }] },
      'price-negative',
      '/prices/0/amount',
    );
    refused('pricelist', { currency: 'XXY', prices: [price] }, 'currency-unknown', '/currency');
  });

  test('a surcharge without an amount, or with two', () => {
    refused('surcharge', { description: 'Small order', kind: 'surcharge' }, 'master-contradictory', '/amount');
    const both = { amount: { amount: '100', currency: 'EUR' }, fraction: '0.1' };
    refused('surcharge', { description: 'x', kind: 'freight', ...both }, 'master-contradictory', '/amount');
  });

  test('a rate of a currency to itself', () =>
    refused('exchangerate', { from: 'EUR', to: 'EUR', rate: '1', source: 'x' }, 'master-contradictory', '/to'));
});
