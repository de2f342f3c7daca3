import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { dateOf } from '../../src/analytics/facts/days.ts';
import { type FoldedFacts, linesOf, scheduleOf } from '../../src/analytics/facts/facts.ts';
import type { OutcomeColumns } from '../../src/analytics/facts/outcome-columns.ts';
import { tableNames } from '../../src/analytics/facts/tables.ts';
import { bases } from '../../src/analytics/kpis/kpi.ts';
import { nullDay } from '../../src/analytics/table.ts';
import { type DomainEvent, decodeEvent } from '../../src/events/decode.ts';
import type { Recorded } from '../../src/events/envelope.ts';
import type { OrderFacts } from '../../src/projections/kpi/facts.ts';
import { isCounted } from '../../src/projections/kpi/facts.ts';
import { kpiHandlers } from '../../src/projections/kpi/fold.ts';
import { isAwaited, isWanted, type Outcome, outcomeOf } from '../../src/projections/kpi/outcome.ts';
import { tableOfFacts } from '../support/fact-tables.ts';
import { folded } from '../support/folded-facts.ts';
import { rawEvent } from '../support/memory-log.ts';
import { randomLife } from '../support/order-commands.ts';
import { eventsOfLife } from '../support/random-history.ts';
import { simulatedHistory } from '../support/simulated-history.ts';

const dateOr = (day: number | undefined): string | null => (day === undefined || day === nullDay ? null : dateOf(day));
const instantOr = (epoch: number | undefined): string | null =>
  epoch === undefined || Number.isNaN(epoch) ? null : new Date(epoch).toISOString();

type Told = Pick<Outcome, 'target' | 'missed' | 'completedAt' | 'completedOn' | 'shippedOn' | 'inFull'> & {
  readonly counted: boolean;
};

function outcomeAt(columns: OutcomeColumns, row: number): Told {
  const dates = (of: OutcomeColumns['target']) =>
    Object.fromEntries(bases.map((basis, at) => [basis, dateOr(of[at]?.values[row])])) as Told['target'];
  const full = columns.inFull.values[row];
  return {
    counted: columns.counted.values[row] === 1,
    target: dates(columns.target),
    missed: dates(columns.missed),
    completedAt: instantOr(columns.completedAt.values[row]),
    completedOn: dateOr(columns.completedOn.values[row]),
    shippedOn: dateOr(columns.shippedOn.values[row]),
    inFull: full === 2 ? null : full === 1,
  };
}

/** Outcomes of all orders, lines and schedule lines as the engine has them. */
const ours = (facts: FoldedFacts): Map<string, Told[]> =>
  new Map(
    Array.from({ length: facts.orders.count }, (_, order) => [
      facts.orders.columns.orderId.values[order] ?? '',
      [
        outcomeAt(facts.orders.columns, order),
        ...[...linesOf(facts, order)].flatMap((line) => [
          outcomeAt(facts.lines.columns, line),
          ...[...scheduleOf(facts, line)].map((row) => outcomeAt(facts.schedule.columns, row)),
        ]),
      ],
    ]),
  );

const told = ({ target, missed, completedAt, completedOn, shippedOn, inFull }: Outcome, counted: boolean): Told => ({
  counted,
  target: { ...target },
  missed: { ...missed },
  completedAt: completedAt === null ? null : new Date(completedAt).toISOString(),
  completedOn,
  shippedOn,
  inFull,
});

/** The same from the fold behind the KPI tables. */
function theirs(events: readonly Recorded[]): Map<string, Told[]> {
  const orders = new Map<string, OrderFacts>();
  for (const recorded of events) {
    const handler = (kpiHandlers as Record<string, unknown>)[recorded.type] as
      | ((doc: OrderFacts | undefined, event: DomainEvent) => OrderFacts)
      | undefined;
    if (handler) orders.set(recorded.stream, handler(orders.get(recorded.stream), decodeEvent(recorded)));
  }
  return new Map(
    [...orders.values()].map((order) => {
      const outcome = outcomeOf(order);
      const lines = order.lines.flatMap((line, at) => {
        const result = outcome.lines[at];
        if (!result) return [];
        const parts = line.schedule.map((s, index) =>
          told(result.schedule[index] as Outcome, isCounted(order) && isAwaited(s)),
        );
        return [told(result, isCounted(order) && isWanted(line)), ...parts];
      });
      return [order.orderId, [told(outcome, isCounted(order) && order.lines.some(isWanted)), ...lines]];
    }),
  );
}

const recordedOf = (lives: Parameters<typeof eventsOfLife>[0][]): Recorded[] => {
  const streams = lives.map((life, serial) => eventsOfLife(life, serial));
  let at = 0;
  return streams.flatMap(({ stream, events }) =>
    events.map((event, revision) => {
      at += 1;
      return { ...event, stream, revision, position: String(at).padStart(20, '0') };
    }),
  );
};

/** Everything that readers could see. */
const seen = (facts: FoldedFacts): Promise<object[]> =>
  Promise.all(tableNames.map((name) => tableOfFacts(facts, name)));

const runs = process.env.ORDERFOLD_SOAK ? 2_000 : 150;

describe('the facts', { timeout: 60_000 }, () => {
  let history: Recorded[];
  beforeAll(async () => {
    history = await simulatedHistory('facts', 400, '2026-04-10T12:00:00.000Z', 26);
  }, 60_000);

  test('tell of a simulated history what the KPI tables tell', () => {
    expect(ours(folded(history))).toEqual(theirs(history));
  });

  test('tell of random lives what the KPI tables tell', () => {
    fc.assert(
      fc.property(fc.array(randomLife, { minLength: 1, maxLength: 3 }), (lives) => {
        const events = recordedOf(lives);
        expect(ours(folded(events))).toEqual(theirs(events));
      }),
      { numRuns: runs },
    );
  });

  test('are the same whether the history is folded at once or in two parts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(randomLife, { minLength: 1, maxLength: 3 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (lives, share) => {
          const events = recordedOf(lives);
          const cut = Math.floor(events.length * share);
          const inTwo = folded(events.slice(cut), folded(events.slice(0, cut)));
          expect(await seen(inTwo)).toEqual(await seen(folded(events)));
        },
      ),
      { numRuns: runs / 2 },
    );
    const cut = Math.floor(history.length / 3);
    const inTwo = folded(history.slice(cut), folded(history.slice(0, cut)));
    expect(await seen(inTwo)).toEqual(await seen(folded(history)));
  });

  test('go on when a stream cannot be interpreted, and say which', () => {
    const poisoned = history.find(({ type }) => type === 'LinesDelivered') as Recorded;
    const broken = history.map((event) => (event === poisoned ? { ...event, data: { orderNo: 5 } } : event));
    const facts = folded(broken);
    expect([...facts.parked.values()]).toMatchObject([
      { stream: poisoned.stream, position: poisoned.position, code: 'malformed-event' },
    ]);
    const others = (event: Recorded) => event.stream !== poisoned.stream;
    const mine = ours(facts);
    for (const [id, outcome] of theirs(history.filter(others))) expect(mine.get(id)).toEqual(outcome);
    const unknown = {
      ...rawEvent({ type: 'OrderAccepted', data: { orderNo: 'N' } }),
      stream: 'order-x',
      revision: 0,
      position: '9',
    };
    expect([...folded([unknown]).parked.values()]).toMatchObject([{ code: 'inconsistent-stream' }]);
  });
});
