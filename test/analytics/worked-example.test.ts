import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Analytics, openAnalytics } from '../../src/analytics/engine.ts';
import type { KpiRequest } from '../../src/analytics/query/answer.ts';
import { memoryLog, rawEvent } from '../support/memory-log.ts';
import { newYork, workedOrders } from '../support/worked-orders.ts';

/** Numbers worked out by hand: on which side of a midnight, a month and a day of judgement something falls. */
describe('a few orders worked out by hand', () => {
  let analytics: Analytics;
  beforeAll(async () => {
    const log = memoryLog();
    for (const [no, steps] of Object.entries(workedOrders))
      for (const [at, type, data] of steps)
        log.record(
          `order-${no}`,
          rawEvent({
            type,
            data: { orderNo: no, ...data },
            occurredAt: at.length > 20 ? at : at.replace('Z', '.000Z'),
          }),
        );
    analytics = await openAnalytics({ log, clock: () => '2026-05-01T00:00:00.000Z' });
    await analytics.waitFor(String(await log.head()), { timeoutMs: 10_000 });
    expect(analytics.parked).toEqual([]);
  });
  afterAll(() => analytics.close());

  /** num, den and n_open. */
  async function told(kpi: string, request: Partial<KpiRequest> = {}): Promise<readonly [number, number, number]> {
    const { rows } = await analytics.query({ kpis: [kpi], on: '2026-04-30', filter: { customer: ['C'] }, ...request });
    const { num = 0, den = 0, n_open = 0 } = rows[0]?.kpis[kpi] ?? {};
    return [Number(num.toFixed(6)), den, n_open];
  }

  test.each([
    ['on_time_rate', { basis: 'request' }, [0, 1, 0]],
    ['on_time_rate', { basis: 'first_promise' }, [2, 4, 0]],
    ['on_time_rate', { basis: 'commit' }, [2, 4, 0]],
    ['on_time_rate', { basis: 'last_promise' }, [3, 4, 0]],
    ['on_time_rate', { basis: 'commit', population: 'delivered' }, [2, 3, 1]],
    ['in_full_rate', {}, [2, 4, 0]],
    ['otif_rate', {}, [1, 4, 0]],
    ['otif_rate', { basis: 'last_promise' }, [2, 4, 0]],
    ['otif_cases', {}, [20, 40, 0]],
    ['perfect_order_rate', { basis: 'last_promise' }, [1, 4, 0]],
    ['perfect_condition_rate', {}, [2, 3, 1]],
    ['documentation_rate', {}, [3, 3, 1]],
    ['perfect_condition_rate', { grain: 'shipment' }, [2, 3, 0]],
    ['days_late', { grain: 'order' }, [1, 1, 1]],
    ['lateness', { grain: 'order' }, [1, 3, 1]],
    ['lateness', { grain: 'order', basis: 'first_promise' }, [3, 3, 1]],
    ['lateness', { grain: 'order', basis: 'last_promise' }, [-1, 3, 1]],
    ['promise_honesty', {}, [25, 1, 0]],
    ['fill_rate.unit', {}, [20, 30, 1]],
    ['fill_rate.unit_final', {}, [26, 30, 1]],
    ['fill_rate.line', {}, [1, 3, 1]],
    ['fill_rate.value', {}, [8, 20, 1]],
    ['backorder_rate', {}, [2, 3, 1]],
    ['hold_time', {}, [3, 3, 1]],
    ['hold_time.customer', {}, [2, 3, 1]],
    ['hold_time.credit', {}, [1.958333, 3, 1]],
    ['hold_time.export', {}, [0, 3, 1]],
    ['cancellation_rate', {}, [1, 5, 0]],
    ['cancellation_rate_by_customer', {}, [1, 5, 0]],
    ['backorders_open_units', {}, [10, 1, 0]],
    ['backorders_open_value', {}, [30, 1, 0]],
  ] as const)('%s %j', async (kpi, request, expected) => {
    expect(await told(kpi, request)).toEqual(expected);
  });

  const of = (customer: string) => ({ filter: { customer: [customer] } });
  const inTokyo = { filter: { country: ['Japan'] } };

  test('waits that the customer caused are taken from the net cycle time, others are not', async () => {
    expect(await told('cycle_time', inTokyo)).toEqual([10.833333, 1, 0]);
    expect(await told('cycle_time_net', inTokyo)).toEqual([8.833333, 1, 0]);
  });

  test('stages of the order in two parts end at its milestones', async () => {
    const stages = ['accept', 'clean', 'ship', 'deliver'].map((name) => told(`stage_${name}_time`, inTokyo));
    expect((await Promise.all(stages)).map(([days]) => days)).toEqual([0.041667, 3.041667, 5.75, 2]);
  });

  test.each([
    ['the day it was whole counts', '2026-03-13', [0, 1, 0]],
    ['on the target date it is not overdue', '2026-03-12', [0, 0, 1]],
  ] as const)('%s', async (_, on, expected) => {
    expect(await told('on_time_rate', { on, basis: 'commit', ...inTokyo })).toEqual(expected);
    expect(await told('in_full_rate', { on, population: 'delivered', by: 'ordered', ...inTokyo })).toEqual(
      on === '2026-03-13' ? [1, 1, 0] : [0, 0, 1],
    );
  });

  test('an order that is whole today is on time today', async () => {
    expect(await told('on_time_rate', { on: '2026-03-20', from: '2026-03-20', to: '2026-03-20' })).toEqual([1, 1, 0]);
    expect(await told('otif_cases', { on: '2026-03-20', from: '2026-03-20', to: '2026-03-20' })).toEqual([7, 10, 0]);
  });

  test('by departure what has left is on time, and in full only when it has arrived', async () => {
    const ofD = { basis: 'ship', filter: { customer: ['D'] } };
    expect(await told('on_time_rate', ofD)).toEqual([1, 1, 0]);
    expect(await told('in_full_rate', ofD)).toEqual([0, 1, 0]);
    expect(await told('in_full_rate', { filter: ofD.filter, on: '2026-03-20' })).toEqual([0, 0, 1]);
    expect(await told('workload', { filter: ofD.filter })).toEqual([1, 1, 0]);
  });

  test('more than was ordered makes up for nothing', async () => {
    const filter = { customer: ['E'] };
    expect(await told('otif_cases', { filter })).toEqual([10, 10, 0]);
    expect(await told('fill_rate.unit', { filter })).toEqual([10, 10, 0]);
    expect(await told('fill_rate.unit_final', { filter })).toEqual([10, 10, 0]);
  });

  test('on the day itself is not late: one of three deliveries came after its date', async () => {
    const asked = { kpis: ['lateness'], grain: 'order', filter: { customer: ['C'] }, on: '2026-04-30' };
    const { rows } = await analytics.query(asked);
    expect(rows[0]?.kpis.lateness?.distribution).toMatchObject({ min: 0, max: 1, positive: 1 / 3 });
  });

  test('an instant after the order is more than nothing', async () => {
    const { rows } = await analytics.query({ kpis: ['ack_time'], ...of('L'), on: '2026-04-30' });
    expect(rows[0]?.kpis.ack_time?.distribution).toMatchObject({ min: 0, positive: 0.5 });
  });

  test('what should have left is backordered from the day after', async () => {
    expect(await told('backorders_open_lines', { on: '2026-03-08' })).toEqual([0, 0, 0]);
    expect((await told('backorders_open_lines', { on: '2026-03-09' }))[0]).toBe(1);
    expect(await told('on_time_rate', { on: '2026-03-10', from: '2026-03-10', to: '2026-03-10' })).toEqual([0, 0, 1]);
    expect(await told('on_time_rate', { on: '2026-03-11', from: '2026-03-10', to: '2026-03-10' })).toEqual([0, 1, 0]);
  });

  test.each([
    ['overdue_age', 'C', [51, 1, 0]],
    ['overdue_age', 'D', [41, 1, 0]],
    ['cancellation_rate_units', 'C', [13, 50, 0]],
    ['cancellation_rate_units_by_supplier', 'C', [3, 50, 0]],
    ['cancellation_rate_units_by_customer', 'C', [10, 50, 0]],
    ['cancellation_rate_value', 'C', [0, 50, 0]],
    ['cancellation_rate_value', 'K', [8, 20, 0]],
    ['cancellation_rate_units', 'K', [4, 10, 0]],
    ['cancellation_rate_units_by_supplier', 'K', [3, 10, 0]],
  ] as const)('%s of %s: what is overdue since when, and how much was cancelled', async (kpi, customer, expected) => {
    expect(await told(kpi, { filter: { customer: [customer] } })).toEqual(expected);
  });

  test('overdue is what is open after its date, by departure what has not left', async () => {
    const ofC = { grain: 'line', filter: { customer: ['C'] } } as const;
    expect(await told('overdue_age', { on: '2026-03-10', ...ofC })).toEqual([0, 0, 0]);
    expect(await told('overdue_age', { on: '2026-03-11', ...ofC })).toEqual([1, 1, 0]);
    expect(await told('overdue_age', { basis: 'ship', ...of('D') })).toEqual([0, 0, 0]);
    expect(await told('overdue_age', { basis: 'ship', ...of('M') })).toEqual([0, 0, 0]);
    expect(await told('overdue_age', of('M'))).toEqual([41, 1, 0]);
    expect(await told('overdue_age', { basis: 'ship', ...of('G') })).toEqual([43, 1, 0]);
  });

  test('what nobody promised is backordered when the date that was asked for has passed', async () => {
    expect(await told('backorders_open_lines', { on: '2026-03-10', ...of('F') })).toEqual([0, 0, 0]);
    expect(await told('backorders_open_lines', { on: '2026-03-11', ...of('F') })).toEqual([1, 1, 0]);
  });

  test('only what has not left is backordered', async () => {
    expect(await told('backorders_open_units', of('G'))).toEqual([6, 1, 0]);
    expect(await told('backorders_open_value', of('G'))).toEqual([12, 1, 0]);
  });

  test('holds after the first departure do not delay the clean order, and count for the customer until it was whole', async () => {
    expect(await told('stage_clean_time', of('H'))).toEqual([0, 1, 0]);
    expect(await told('cycle_time', of('H'))).toEqual([14, 1, 0]);
    expect(await told('cycle_time_net', of('H'))).toEqual([13, 1, 0]);
  });

  test('a shipment was ordered with the first of its orders, and has the errors of any', async () => {
    const asked = { kpis: ['perfect_condition_rate'], grain: 'shipment', by: 'ordered', group: ['day'], ...of('I') };
    const { rows } = await analytics.query({ ...asked, on: '2026-04-30' });
    expect(rows).toMatchObject([
      { group: { day: '2026-03-03' }, kpis: { perfect_condition_rate: { num: 0, den: 1 } } },
    ]);
  });

  test('an order has begun to leave with the first of its lines', async () => {
    const asked = { kpis: ['fill_rate.order'], by: 'shipped', group: ['day'], ...of('J') };
    const { rows } = await analytics.query({ ...asked, on: '2026-04-30' });
    expect(rows).toMatchObject([{ group: { day: '2026-03-10' }, kpis: { 'fill_rate.order': { num: 0, den: 1 } } }]);
  });

  test('what counts by departure belongs to the day of it; what does not is not done by it', async () => {
    const day = { from: '2026-03-18', to: '2026-03-18', by: 'delivered', basis: 'ship' } as const;
    expect(await told('on_time_rate', { ...day, ...of('D') })).toEqual([1, 1, 0]);
    expect(await told('perfect_order_index', { basis: 'ship', ...of('D') })).toEqual([0, 0, 1]);
  });

  test('what was accepted on the day of judgement is accepted', async () => {
    expect(await told('ack_time', { on: '2026-03-01', ...inTokyo })).toEqual([0.041667, 1, 0]);
    expect(await told('ack_time', { on: '2026-02-28', ...inTokyo })).toEqual([0, 0, 1]);
  });

  test('months are those of the place of delivery, or of the zone that is asked for', async () => {
    const months = async (zone?: string) => {
      const by = { by: 'delivered', grain: 'order', population: 'delivered', ...(zone && { zone }) } as const;
      const { rows } = await analytics.query({
        kpis: ['count'],
        group: ['month'],
        filter: { customer: ['C'] },
        on: '2026-04-30',
        ...by,
      });
      return rows.flatMap(({ group, kpis }) => (kpis.count?.den ? [[group.month, kpis.count.den]] : []));
    };
    expect(await months()).toEqual([['2026-03', 3]]);
    expect(await months(newYork)).toEqual([['2026-03', 3]]);
    expect(await months('UTC')).toEqual([
      ['2026-03', 2],
      ['2026-04', 1],
    ]);
  });

  test('the date of the order is that of the place of delivery', async () => {
    const days = async () => {
      const { rows } = await analytics.query({
        kpis: ['cancellation_rate'],
        group: ['day'],
        filter: { customer: ['C'] },
        on: '2026-04-30',
      });
      return rows.map(({ group, kpis }) => [group.day, kpis.cancellation_rate?.den]);
    };
    expect(await days()).toEqual([
      ['2026-02-28', 1],
      ['2026-03-02', 4],
    ]);
  });

  test('first attempts belong to the day of the first departure', async () => {
    const { rows } = await analytics.query({
      kpis: ['fill_rate.unit'],
      filter: { customer: ['C'] },
      group: ['day'],
      by: 'shipped',
      on: '2026-04-30',
    });
    expect(
      rows.flatMap(({ group, kpis: { 'fill_rate.unit': cell } }) => (cell?.den ? [[group.day, cell.num]] : [])),
    ).toEqual([
      ['2026-03-10', 4],
      ['2026-03-18', 7],
      ['2026-03-29', 9],
    ]);
    expect((await told('fill_rate.unit', { on: '2026-03-09' })).slice(1)).toEqual([0, 4]);
    expect(await told('fill_rate.unit', { on: '2026-03-10' })).toEqual([4, 10, 3]);
  });
});
