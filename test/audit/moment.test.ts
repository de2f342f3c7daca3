import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventsAt } from '../../src/audit/moment.ts';
import { orderFrom } from '../../src/audit/past/orders.ts';
import type { Recorded } from '../../src/events/envelope.ts';
import { randomLife } from '../support/order-commands.ts';
import { eventsOfLife } from '../support/random-history.ts';

const hour = (n: number): string => new Date(Date.UTC(2026, 2, 1, n)).toISOString();

/** The life of an order, with times of any kind: nothing that was received need be in order. */
const anyHistory = fc
  .tuple(
    randomLife,
    fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 })), { minLength: 1 }),
  )
  .map(([life, times]): Recorded[] => {
    const { stream, events } = eventsOfLife(life, 1);
    return events.map((event, revision) => {
      const [occurred, recorded] = times[revision % times.length] ?? [0, 0];
      const metadata = { ...event.metadata, occurredAt: hour(occurred), recordedAt: hour(recorded) };
      return { ...event, stream, revision, position: String(revision).padStart(20, '0'), metadata };
    });
  });
const anyHour = fc.integer({ min: -1, max: 41 });
const numRuns = process.env.ORDERFOLD_SOAK ? 5_000 : 150;

describe('what was there at a moment', () => {
  test('as recorded: a beginning of the stream, that ends before the first event that was recorded later', () => {
    fc.assert(
      fc.property(anyHistory, anyHour, (events, at) => {
        const first = events.findIndex(({ metadata }) => metadata.recordedAt > hour(at));
        const known = eventsAt(events, { recorded: hour(at) });
        expect(known.events).toEqual(first < 0 ? events : events.slice(0, first));
        expect(known.presupposed.size).toBe(0);
      }),
      { numRuns },
    );
  });

  test('as it happened: all that happened by then, what that presupposes, and nothing else', () => {
    fc.assert(
      fc.property(anyHistory, anyHour, (events, at) => {
        const there = eventsAt(events, { occurred: hour(at) });
        for (const event of events) {
          const happened = event.metadata.occurredAt <= hour(at);
          const presupposed = there.presupposed.has(event.eventId);
          expect(there.events.includes(event)).toBe(happened || presupposed);
          expect(happened && presupposed).toBe(false);
        }
      }),
      { numRuns },
    );
  });

  test('every order can be folded at every moment in both times, and both at once are what was known of what had happened', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, anyHour, anyHour, async (events, known, happened) => {
        const both = { recorded: hour(known), occurred: hour(happened) };
        const order = await orderFrom(events, both);
        const knownEvents = eventsAt(events, { recorded: hour(known) }).events;
        expect(order?.events ?? []).toEqual(eventsAt(knownEvents, { occurred: hour(happened) }).events);
        expect(await orderFrom(events, { occurred: hour(50), recorded: hour(50) })).toMatchObject({ presupposed: [] });
      }),
      { numRuns },
    );
  });
});
