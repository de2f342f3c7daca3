import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Analytics, openAnalytics } from '../../src/analytics/engine.ts';
import type { KpiRequest } from '../../src/analytics/query/answer.ts';
import type { Recorded } from '../../src/events/envelope.ts';
import { type Duck, openDuck } from '../support/duck.ts';
import { wholeTable } from '../support/fact-tables.ts';
import { memoryLog } from '../support/memory-log.ts';
import { simulatedHistory } from '../support/simulated-history.ts';

const until = '2026-04-08T12:00:00.000Z';
const on = '2026-04-08';
const orders = process.env.ORDERFOLD_SOAK ? 3_000 : 500;

/** Numbers of the engine against DuckDB, over a history with splits, cancellations, moved promises, errors, open and overdue orders. */
describe('an independent database computes the same', { timeout: 60_000 }, () => {
  let analytics: Analytics;
  let duck: Duck;

  beforeAll(async () => {
    const events: Recorded[] = await simulatedHistory('oracle', orders, until, 60);
    const log = memoryLog();
    for (const { stream, revision: _, position: __, ...event } of events) log.record(stream, event);
    analytics = await openAnalytics({ log, clock: () => until });
    await analytics.waitFor(String(await log.head()), { timeoutMs: 30_000 });
    duck = await openDuck();
    for (const name of ['orders', 'lines', 'schedule-lines'])
      await duck.table(await wholeTable(await analytics.facts(name)));
    await duck.events(events);
    await duck.run(`create view parts as select pos, id, type, actor, data, unnest(from_json(data->'lines', '["json"]')) as line
      from events where type in ('LinesShipped', 'QuantityCancelled', 'OrderLinesAdded', 'OrderLinesChanged', 'PromiseCommitted')`);
  }, 120_000);
  afterAll(async () => {
    duck.close();
    await analytics.close();
  });

  /** Word of the group, n, sum, mean and percentiles of a KPI with a distribution. */
  async function spreads(request: KpiRequest): Promise<(string | number | null)[][]> {
    const answer = await analytics.query({ on, percentiles: [0, 50, 90, 99.5, 100], ...request });
    return answer.rows
      .map(({ group, kpis }) => {
        const [cell] = Object.values(kpis);
        const percentiles = Object.values(cell?.distribution?.percentiles ?? {});
        return [Object.values(group)[0] ?? null, cell?.den ?? 0, ...percentiles];
      })
      .filter(([, den]) => den !== 0);
  }

  async function ratios(request: KpiRequest): Promise<(string | number | null)[][]> {
    const answer = await analytics.query({ on, ...request });
    return answer.rows
      .map(({ group, kpis }) => {
        const [cell] = Object.values(kpis);
        return [Object.values(group)[0] ?? null, cell?.den ?? 0, cell?.num ?? 0];
      })
      .filter(([, den]) => den !== 0);
  }

  const close = (mine: (string | number | null)[][], theirs: (string | number | null)[][]): void => {
    expect(theirs.length).toBeGreaterThan(1);
    const plain = (rows: (string | number | null)[][]) =>
      rows.map((row) => row.map((cell) => (typeof cell === 'number' ? Number(cell.toPrecision(10)) : cell)));
    expect(plain(mine)).toEqual(plain(theirs));
  };

  const period = { month: '%Y-%m', week: '%G-W%V', day: '%Y-%m-%d', year: '%Y' } as const;
  const quantiles = (value: string, how: string): string =>
    [0, 0.5, 0.9, 0.995, 1].map((p) => `${how}(${value}, ${p})`).join(', ');

  describe.each(['America/New_York', 'Asia/Kolkata', 'Europe/Berlin', 'UTC'])('in %s', (zone) => {
    test.each(['month', 'week', 'day', 'year'] as const)(
      'cycle times by %s, interpolated and nearest',
      async (name) => {
        for (const [method, how] of [
          ['linear', 'quantile_cont'],
          ['nearest', 'quantile_disc'],
        ] as const) {
          const days = '((epoch_ms(completed_at) - epoch_ms(ordered_at))::double / 86400000)';
          const local = `((completed_at at time zone 'UTC') at time zone '${zone}')`;
          const theirs =
            await duck.ask(`select strftime(${local}, '${period[name]}') as period, count(*), ${quantiles(days, how)}
          from orders where counted and completed_at is not null group by 1 order by 1`);
          close(await spreads({ kpis: ['cycle_time'], zone, group: [name], method }), theirs);
        }
      },
    );
  });

  test('durations in working time', async () => {
    const hours = [{ from: '08:00', to: '16:30' }];
    const week = { 1: hours, 2: hours, 3: hours, 4: hours, 5: hours };
    const calendar = { name: 'plant', zone: 'UTC', week };
    const begin = 'greatest(ordered_at, d + interval 8 hour)';
    const end = 'least(completed_at, d + interval 16 hour + interval 30 minute)';
    const theirs =
      await duck.ask(`with days as (select unnest(range(timestamp '2024-01-01', timestamp '2027-01-01', interval 1 day)) as d),
      worked as (select dim_region, order_id, sum(greatest(0, epoch_ms(${end}) - epoch_ms(${begin})))::double / 3600000 as h
        from orders join days on d + interval 1 day > ordered_at and d <= completed_at and isodow(d) <= 5
        where counted and completed_at is not null group by 1, 2)
      select dim_region, count(*), ${quantiles('h', 'quantile_cont')} from worked group by 1 order by 1`);
    const answer = await spreads({ kpis: ['cycle_time'], group: ['region'], calendar });
    close(answer, theirs);
  });

  const delivered = `counted and completed_on <= date '${on}'`;
  const byRegion = (from: string, den: string, num: string): string =>
    `select dim_region, ${den}, ${num} from ${from} group by 1 order by 1`;
  const perOrder = (where: string): string =>
    `(select id, count(*)::integer as n from events where ${where} group by 1)`;
  const withCount = (where: string): string =>
    `orders left join ${perOrder(where)} c on c.id = order_id where ${delivered}`;
  const accepted = `(select min(a.pos) from events a where a.id = events.id and a.type = 'OrderAccepted')`;
  const moved = `type = 'PromiseRevised' and (data->>'initiator') = 'supplier'`;
  const repeated = `(${moved}) or type = 'OrderReopened'
    or (type in ('OrderLinesChanged', 'QuantityCancelled') and pos > ${accepted})`;
  const promises = `(select id, part->>'scheduleId' as schedule, (part->'promise'->>'deliverOn')::date as first_on from
    (select id, unnest(from_json(line->'scheduleLines', '["json"]')) as part from parts where type = 'PromiseCommitted'))`;
  const revisions = `(select pos, id, data->>'initiator' as who, part->>'scheduleId' as schedule,
      (part->'to'->>'deliverOn')::date as to_on, (part->'from'->>'deliverOn')::date as from_on
    from (select pos, id, data, unnest(from_json(data->'scheduleLines', '["json"]')) as part from events where type = 'PromiseRevised'))`;
  const scheduled = `schedule_lines s join orders o using (order_id) join ${promises} p on p.id = order_id and schedule = schedule_id
    left join (select id, schedule, sum(to_on - from_on) filter (where who = 'supplier') as slip, last(to_on order by pos) as last_on,
      count(*) filter (where who = 'supplier') as moves from ${revisions} group by 1, 2) r using (id, schedule)
    where s.counted and s.ordered_on is not null`;
  const firstShipment = `(select id, (line->>'lineNo')::integer as line_no, arg_min((line->'qty'->>'value')::double, pos) as qty
    from parts where type = 'LinesShipped' group by 1, 2)`;
  const firstLeft = `(select id, min(happened) as first_left from events where type = 'LinesShipped' group by 1)`;
  const begunLines = `lines l join orders o using (order_id) join ${firstShipment} f on f.id = order_id and f.line_no = l.line_no
    where l.counted`;
  const holdsOf = (
    type?: string,
  ): string => `(select placed.id, sum(epoch_ms(released.happened) - epoch_ms(placed.happened))::double / 86400000 as days from events placed
    join events released on released.id = placed.id and released.type = 'HoldReleased' and (released.data->>'holdId') = (placed.data->>'holdId') where placed.type = 'HoldPlaced' ${type ? `and (placed.data->>'holdType') = '${type}'` : ''} group by 1)`;
  const quantityCancelled = (who?: string): string =>
    `(select id, (line->>'lineNo')::integer as line_no, sum((line->'qty'->>'value')::double) as qty from parts
      where type = 'QuantityCancelled' ${who ? `and (data->>'initiator') = '${who}'` : ''} group by 1, 2)`;
  const lost = (withOrder: string, times = '1'): string =>
    `sum((coalesce(q.qty, 0) + case when o.ending like 'cancelled-by-%' and ${withOrder}
      then greatest(0, ordered - cancelled_by_customer - cancelled_by_supplier - shipped) else 0 end) * ${times})`;
  const taken = `orders where ending is distinct from 'rejected'`;

  test.each([
    ['touch_count', withCount(`actor = 'user'`), 'count(*)', 'sum(coalesce(n, 0))'],
    ['touchless_rate', withCount(`actor = 'user'`), 'count(*)', 'count(*) filter (where n is null)'],
    [
      'touchless_entry_rate',
      withCount(`actor = 'user' and pos <= ${accepted}`),
      'count(*)',
      'count(*) filter (where n is null)',
    ],
    ['rework_count', withCount(repeated), 'count(*)', 'sum(coalesce(n, 0))'],
    ['rework_rate', withCount(repeated), 'count(*)', 'count(*) filter (where n > 0)'],
    [
      'hold_time',
      `orders left join ${holdsOf()} h on h.id = order_id where ${delivered}`,
      'count(*)',
      'sum(coalesce(days, 0))',
    ],
    [
      'hold_time.credit',
      `orders left join ${holdsOf('credit')} h on h.id = order_id where ${delivered}`,
      'count(*)',
      'sum(coalesce(days, 0))',
    ],
    ['cancellation_rate_by_customer', taken, 'count(*)', `count(*) filter (where ending = 'cancelled-by-customer')`],
    ['cancellation_rate_by_supplier', taken, 'count(*)', `count(*) filter (where ending = 'cancelled-by-supplier')`],
    [
      'cancellation_rate_units',
      `lines l join orders o using (order_id) left join ${quantityCancelled()} q on q.id = order_id and q.line_no = l.line_no
        where o.ending is distinct from 'rejected'`,
      'sum(ordered)',
      lost('true'),
    ],
    [
      'cancellation_rate_units_by_supplier',
      `lines l join orders o using (order_id) left join ${quantityCancelled('supplier')} q on q.id = order_id and q.line_no = l.line_no
        where o.ending is distinct from 'rejected'`,
      'sum(ordered)',
      lost(`o.ending = 'cancelled-by-supplier'`),
    ],
    [
      'cancellation_rate_value_by_customer',
      `lines l join orders o using (order_id) left join ${quantityCancelled('customer')} q on q.id = order_id and q.line_no = l.line_no
        where o.ending is distinct from 'rejected'`,
      'sum(ordered * unit_price)',
      lost(`o.ending = 'cancelled-by-customer'`, 'unit_price'),
    ],
    [
      'lateness',
      `schedule_lines s join orders o using (order_id) where s.counted and s.completed_on <= date '${on}'`,
      'count(*)',
      'sum(s.completed_on - s.commit_on)',
    ],
    ['promise_slippage', scheduled, 'count(*)', 'sum(coalesce(r.last_on - p.first_on, 0))'],
    ['promise_slippage_by_supplier', scheduled, 'count(*)', 'sum(coalesce(slip, 0))'],
    ['promise_change_count', scheduled, 'count(*)', 'sum(coalesce(moves, 0))'],
    ['promised_lead_time', scheduled, 'count(*)', 'sum(p.first_on - s.ordered_on)'],
    ['promise_gap', scheduled, 'count(s.request_on)', 'sum(p.first_on - s.request_on)'],
    [
      'fill_rate.unit',
      begunLines,
      'sum(ordered - cancelled_by_customer)',
      'sum(least(f.qty, ordered - cancelled_by_customer))',
    ],
    ['fill_rate.line', begunLines, 'count(*)', 'count(*) filter (where f.qty >= ordered - cancelled_by_customer)'],
    ['backorder_rate', begunLines, 'count(*)', 'count(*) filter (where f.qty < ordered - cancelled_by_customer)'],
    [
      'fill_rate.order',
      `orders join ${firstLeft} f on f.id = order_id where counted`,
      'count(*)',
      'count(*) filter (where shipped_at = first_left)',
    ],
    [
      'fill_rate.value',
      begunLines,
      'sum((ordered - cancelled_by_customer) * unit_price)',
      'sum(least(f.qty, ordered - cancelled_by_customer) * unit_price)',
    ],
    [
      'documentation_rate',
      `(select *, document_errors as n from orders where ${delivered})`,
      'count(*)',
      'count(*) filter (where n = 0)',
    ],
    [
      'perfect_condition_rate',
      `orders left join ${perOrder(`type = 'DeliveryErrorRecorded' and (data->>'kind') <> 'documents'`)} c on c.id = order_id where ${delivered}`,
      'count(*)',
      'count(*) filter (where n is null)',
    ],
    [
      'perfect_order_rate',
      `orders left join ${perOrder(`type = 'DeliveryErrorRecorded'`)} c on c.id = order_id
      where counted and commit_on is not null and (completed_on <= date '${on}' or commit_missed < date '${on}')`,
      'count(*)',
      'count(*) filter (where n is null and completed_on <= commit_on and in_full and commit_missed is null)',
    ],
    [
      'ack_time',
      `orders where counted and accepted_at is not null`,
      'count(ordered_at)',
      `sum(epoch_ms(accepted_at) - epoch_ms(ordered_at))::double / 86400000`,
    ],
    ['workload', `orders where counted and ending is null and completed_at is null`, 'count(*)', 'count(*)'],
    [
      'ship_same_day_rate',
      `lines l join orders o using (order_id) where l.counted and l.shipped_on <= date '${on}'`,
      'count(*)',
      'count(*) filter (where l.shipped_on = l.ordered_on)',
    ],
    [
      'backorders_open_lines',
      `lines l join orders o using (order_id) where l.counted and o.ending is null and coalesce(l.ship_on, l.request_on) < date '${on}'
      and ordered - cancelled_by_customer - cancelled_by_supplier > shipped`,
      'count(*)',
      'count(*)',
    ],
    [
      'backorders_open_units',
      `lines l join orders o using (order_id) where l.counted and o.ending is null and coalesce(l.ship_on, l.request_on) < date '${on}'
      and ordered - cancelled_by_customer - cancelled_by_supplier > shipped`,
      'count(*)',
      'sum(ordered - cancelled_by_customer - cancelled_by_supplier - shipped)',
    ],
  ])('%s', async (kpi, from, den, num) => {
    close(await ratios({ kpis: [kpi], group: ['region'] }), await duck.ask(byRegion(from, den, num)));
  });

  test('overdue_age, when more has become overdue', async () => {
    const later = '2026-07-01';
    const theirs = await duck.ask(
      byRegion(
        `schedule_lines s join orders o using (order_id)
          where s.counted and o.ending is null and s.completed_on is null and s.commit_on < date '${later}'`,
        'count(*)',
        `sum(date '${later}' - s.commit_on)`,
      ),
    );
    close(await ratios({ kpis: ['overdue_age'], group: ['region'], on: later }), theirs);
  });
});
