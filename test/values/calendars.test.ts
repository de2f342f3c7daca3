import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Calendar, type CalendarDefinition, intersection, workingCalendar } from '../../src/values/calendars.ts';
import { addCalendarDays, epochOf, localDateOf, weekday } from '../../src/values/dates.ts';
import { codeOf, numRuns } from './runs.ts';
import {
  calendars,
  days,
  everyDay,
  hour,
  instants,
  monToFri,
  office,
  plant,
  simple,
  wholeDay,
  work,
  zones,
} from './some-calendars.ts';

describe('a working calendar', () => {
  it('knows its working time on each date, exceptions by priority', () => {
    expect(plant.workingIntervals('2026-07-06')).toEqual([
      { from: '2026-07-06T06:00:00.000Z', to: '2026-07-06T10:00:00.000Z' },
      { from: '2026-07-06T11:00:00.000Z', to: '2026-07-06T15:00:00.000Z' },
    ]);
    expect(plant.isWorkingDay('2026-07-05')).toBe(false);
    expect(plant.isWorkingDay('2026-12-22')).toBe(false);
    expect(plant.workingIntervals('2026-12-28')).toEqual([
      { from: '2026-12-28T09:00:00.000Z', to: '2026-12-28T10:00:00.000Z' },
    ]);
    expect(plant.isWorkingDay('2027-01-04')).toBe(true);
  });

  it('lets the exception listed last hold among equal priorities', () => {
    const exceptions = [
      { from: '2026-07-06', to: '2026-07-10', hours: [] },
      { from: '2026-07-07', to: '2026-07-07', hours: wholeDay },
    ];
    const definition = { name: 'x', zone: 'UTC', week: {} };
    expect(workingCalendar({ ...definition, exceptions }).isWorkingDay('2026-07-07')).toBe(true);
    expect(workingCalendar({ ...definition, exceptions: exceptions.toReversed() }).isWorkingDay('2026-07-07')).toBe(
      false,
    );
  });

  it('joins overlapping and touching hours', () => {
    const shifts = [
      { from: '14:00', to: '22:00' },
      { from: '06:00', to: '14:00' },
      { from: '21:00', to: '24:00' },
    ];
    const calendar = workingCalendar({ name: 'shifts', zone: 'UTC', week: { 1: shifts } });
    expect(calendar.workingIntervals('2026-07-06')).toEqual([
      { from: '2026-07-06T06:00:00.000Z', to: '2026-07-07T00:00:00.000Z' },
    ]);
  });

  it('adds and subtracts work over lunch, weekends and holidays', () => {
    expect(plant.add('2026-07-06T06:00:00.000Z', 4 * hour)).toBe('2026-07-06T10:00:00.000Z');
    expect(plant.add('2026-07-06T06:00:00.000Z', 5 * hour)).toBe('2026-07-06T12:00:00.000Z');
    expect(plant.add('2026-07-10T14:00:00.000Z', 2 * hour)).toBe('2026-07-13T07:00:00.000Z');
    expect(plant.subtract('2026-07-13T07:00:00.000Z', 2 * hour)).toBe('2026-07-10T14:00:00.000Z');
    expect(plant.add('2026-12-18T15:00:00.000Z', 3 * hour)).toBe('2027-01-04T08:00:00.000Z');
    expect(plant.next('2026-07-11T12:00:00.000Z')).toBe('2026-07-13T06:00:00.000Z');
    expect(plant.prev('2026-07-11T12:00:00.000Z')).toBe('2026-07-10T15:00:00.000Z');
  });

  it('has ended at the end of an interval and not begun before its start', () => {
    const [fridayEnd, mondayStart] = ['2026-07-10T15:00:00.000Z', '2026-07-13T06:00:00.000Z'];
    expect([plant.next(fridayEnd), plant.next(mondayStart)]).toEqual([mondayStart, mondayStart]);
    expect([plant.prev(mondayStart), plant.prev(fridayEnd)]).toEqual([fridayEnd, fridayEnd]);
  });

  it('counts real hours on the days on which clocks change', () => {
    const nights = workingCalendar({
      name: 'nights',
      zone: 'Europe/Berlin',
      week: everyDay([{ from: '00:00', to: '08:00' }]),
    });
    const worked = (date: string) =>
      nights.workingIntervals(date).reduce((sum, { from, to }) => sum + epochOf(to) - epochOf(from), 0) / hour;
    expect([worked('2026-03-28'), worked('2026-03-29'), worked('2026-10-25')]).toEqual([8, 7, 9]);
    const skipped = workingCalendar({
      name: 'skipped',
      zone: 'Europe/Berlin',
      week: { 7: [{ from: '02:00', to: '03:00' }] },
    });
    expect(skipped.isWorkingDay('2026-03-29')).toBe(false);
  });

  it('gives a delivery date over DST in working days of the carrier', () => {
    const carrier = workingCalendar({ name: 'carrier', zone: 'America/Chicago', week: monToFri(office) });
    expect(carrier.addDays('2026-03-05', 3)).toBe('2026-03-10');
    expect(carrier.workingIntervals('2026-03-10').at(-1)?.to).toBe('2026-03-10T22:00:00.000Z');
  });
});

describe('an intersection', () => {
  const part = (name: string, week: CalendarDefinition['week'], zone = 'UTC') => workingCalendar({ name, zone, week });
  const shop = intersection([
    part('operation', { 1: wholeDay, 2: wholeDay }),
    part('site', monToFri(wholeDay)),
    part('machine', everyDay([{ from: '08:00', to: '11:00' }])),
    part('hall', everyDay([{ from: '09:00', to: '12:00' }])),
  ]);

  it('is open when all are: Monday and Tuesday from 9 to 11', () => {
    expect(shop.workingIntervals('2017-01-23')).toEqual([
      { from: '2017-01-23T09:00:00.000Z', to: '2017-01-23T11:00:00.000Z' },
    ]);
    expect([0, 1, 2, 3, 4, 5, 6].map((n) => shop.isWorkingDay(addCalendarDays('2017-01-23', n)))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(shop.subtract('2017-01-29T00:00:00.000Z', 7 * hour)).toBe('2017-01-16T10:00:00.000Z');
    expect(shop.add('2017-01-16T10:00:00.000Z', 7 * hour)).toBe('2017-01-24T11:00:00.000Z');
    expect(shop.addDays('2017-01-23', 2)).toBe('2017-01-30');
  });

  it('reads each calendar in its own zone', () => {
    const berlin = part('Berlin', monToFri([{ from: '08:00', to: '17:00' }]), 'Europe/Berlin');
    const chicago = part('Chicago', monToFri([{ from: '08:00', to: '17:00' }]), 'America/Chicago');
    expect(intersection([berlin, chicago]).workingIntervals('2026-07-06')).toEqual([
      { from: '2026-07-06T13:00:00.000Z', to: '2026-07-06T15:00:00.000Z' },
    ]);
    // Between the two changes of the clocks the zones are an hour closer.
    expect(intersection([berlin, chicago]).workingIntervals('2026-03-16')[0]?.from).toBe('2026-03-16T13:00:00.000Z');
    const tokyo = intersection([chicago], 'Asia/Tokyo');
    expect(tokyo.workingIntervals('2026-07-07')).toEqual([
      { from: '2026-07-06T15:00:00.000Z', to: '2026-07-06T22:00:00.000Z' },
      { from: '2026-07-07T13:00:00.000Z', to: '2026-07-07T15:00:00.000Z' },
    ]);
  });

  it('is open at an instant exactly when every calendar is', () => {
    const isOpen = (calendar: Calendar, t: string) =>
      calendar.workingIntervals(localDateOf(t, calendar.zone)).some(({ from, to }) => from <= t && t < to);
    fc.assert(
      fc.property(simple, simple, instants, zones, (a, b, t, zone) => {
        expect(isOpen(intersection([a, b], zone), t)).toBe(isOpen(a, t) && isOpen(b, t));
      }),
      { numRuns },
    );
  });
});

describe('working time', () => {
  it('next and prev are idempotent and bracket the instant', () => {
    fc.assert(
      fc.property(calendars, instants, (calendar, t) => {
        const [after, before] = [calendar.next(t), calendar.prev(t)];
        expect(after >= t && before <= t).toBe(true);
        expect(calendar.next(after)).toBe(after);
        expect(calendar.prev(before)).toBe(before);
      }),
      { numRuns },
    );
  });

  it('add and subtract undo each other from working time', () => {
    fc.assert(
      fc.property(calendars, instants, work, (calendar, t, workMs) => {
        expect(calendar.subtract(calendar.add(t, workMs), workMs)).toBe(calendar.next(t));
        expect(calendar.add(calendar.subtract(t, workMs), workMs)).toBe(calendar.prev(t));
        expect(calendar.add(t, 0)).toBe(calendar.next(t));
        expect(calendar.subtract(t, 0)).toBe(calendar.prev(t));
      }),
      { numRuns },
    );
  });

  it('adds up: work done in two parts ends when the whole does', () => {
    fc.assert(
      fc.property(calendars, instants, work, work, (calendar, t, a, b) => {
        expect(calendar.add(calendar.add(t, a), b)).toBe(calendar.add(t, a + b));
      }),
      { numRuns },
    );
  });

  it('fits exactly between start and end, counted interval by interval', () => {
    fc.assert(
      fc.property(simple, instants, work, (calendar, t, workMs) => {
        const end = calendar.add(t, workMs);
        let counted = 0;
        for (
          let date = localDateOf(t, calendar.zone);
          date <= localDateOf(end, calendar.zone);
          date = addCalendarDays(date, 1)
        ) {
          for (const { from, to } of calendar.workingIntervals(date)) {
            counted += Math.max(0, Math.min(epochOf(to), epochOf(end)) - Math.max(epochOf(from), epochOf(t)));
          }
        }
        expect(counted).toBe(workMs);
      }),
      { numRuns: numRuns / 4 },
    );
  });

  it('counts working days forwards and backwards, and they add up', () => {
    fc.assert(
      fc.property(calendars, days, fc.nat(30), fc.nat(30), (calendar, date, a, b) => {
        expect(calendar.addDays(calendar.addDays(date, a), b)).toBe(calendar.addDays(date, a + b));
        expect(calendar.addDays(calendar.addDays(date, -a), -b)).toBe(calendar.addDays(date, -a - b));
        const working = calendar.addDays(date, 1);
        expect(calendar.isWorkingDay(working)).toBe(true);
        expect(calendar.addDays(calendar.addDays(working, a), -a)).toBe(working);
      }),
      { numRuns },
    );
    expect(plant.addDays('2026-07-10', 1)).toBe('2026-07-13');
    expect(plant.addDays('2026-07-13', -1)).toBe('2026-07-10');
    expect(plant.addDays('2026-07-11', 0)).toBe('2026-07-11');
    expect(weekday(plant.addDays('2026-07-12', 5))).toBe(5);
  });
});

describe('a calendar that is never open', () => {
  const never = workingCalendar({ name: 'closed shop', zone: 'UTC', week: {} });
  const disjoint = intersection([
    workingCalendar({ name: 'mornings', zone: 'UTC', week: everyDay([{ from: '06:00', to: '12:00' }]) }),
    workingCalendar({ name: 'evenings', zone: 'UTC', week: everyDay([{ from: '12:00', to: '20:00' }]) }),
  ]);

  it('is said to be so, instead of searching for ever', () => {
    const t = '2026-07-06T00:00:00.000Z';
    for (const calendar of [never, disjoint]) {
      for (const act of [
        () => calendar.next(t),
        () => calendar.prev(t),
        () => calendar.add(t, hour),
        () => calendar.subtract(t, hour),
        () => calendar.addDays('2026-07-06', 1),
        () => calendar.addDays('2026-07-06', -1),
      ]) {
        expect(codeOf(act)).toBe('calendar-never-open');
      }
    }
    expect(() => disjoint.next(t)).toThrow(
      'The calendar mornings ∩ evenings has no working time in ten years after 2026-07-06',
    );
  });

  it('may have been open once', () => {
    const once = workingCalendar({
      name: 'fair',
      zone: 'UTC',
      week: {},
      exceptions: [{ from: '2026-07-06', to: '2026-07-06', hours: wholeDay }],
    });
    expect(once.prev('2030-01-01T00:00:00.000Z')).toBe('2026-07-07T00:00:00.000Z');
    expect(codeOf(() => once.add('2026-07-06T00:00:00.000Z', 25 * hour))).toBe('calendar-never-open');
  });
});

describe('a calendar from outside', () => {
  const base = { name: 'x', zone: 'UTC', week: {} };

  it('is refused with a reason', () => {
    expect(codeOf(() => workingCalendar({ ...base, zone: 'Berlin' }))).toBe('unknown-zone');
    expect(codeOf(() => workingCalendar({ ...base, week: { 1: [{ from: '22:00', to: '06:00' }] } }))).toBe(
      'invalid-calendar',
    );
    expect(codeOf(() => workingCalendar({ ...base, week: { 1: [{ from: '8', to: '12:00' }] } }))).toBe('invalid-time');
    const exception = { from: '2026-07-06', to: '2026-07-05', hours: [] };
    expect(codeOf(() => workingCalendar({ ...base, exceptions: [exception] }))).toBe('invalid-calendar');
    expect(codeOf(() => workingCalendar({ ...base, exceptions: [{ ...exception, from: '2026-02-30' }] }))).toBe(
      'invalid-date',
    );
  });

  it('refuses work and days that are no amounts', () => {
    const t = '2026-07-06T00:00:00.000Z';
    for (const workMs of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(codeOf(() => plant.add(t, workMs))).toBe('invalid-work');
    for (const n of [1.5, Number.NaN, 1e6]) expect(codeOf(() => plant.addDays('2026-07-06', n))).toBe('invalid-days');
    expect(codeOf(() => plant.isWorkingDay('2026-02-30'))).toBe('invalid-date');
    expect(codeOf(() => plant.next('soon'))).toBe('invalid-instant');
  });
});
