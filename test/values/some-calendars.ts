import fc from 'fast-check';
import {
  alwaysOpen,
  type Calendar,
  type CalendarDefinition,
  intersection,
  workingCalendar,
} from '../../src/values/calendars.ts';
import { addCalendarDays, instantOf, type Weekday } from '../../src/values/dates.ts';

export const hour = 3_600_000;
export const office = [
  { from: '08:00', to: '12:00' },
  { from: '13:00', to: '17:00' },
];
export const wholeDay = [{ from: '00:00', to: '24:00' }];
export const monToFri = (hours: CalendarDefinition['week'][1]) =>
  ({ 1: hours, 2: hours, 3: hours, 4: hours, 5: hours }) as CalendarDefinition['week'];
export const everyDay = (hours: CalendarDefinition['week'][1]) =>
  ({ ...monToFri(hours), 6: hours, 7: hours }) as CalendarDefinition['week'];

export const plant = workingCalendar({
  name: 'plant',
  zone: 'Europe/Berlin',
  week: monToFri(office),
  exceptions: [
    { from: '2026-12-28', to: '2026-12-28', hours: [{ from: '10:00', to: '11:00' }], priority: 1 },
    { from: '2026-12-21', to: '2027-01-03', hours: [] },
  ],
});

/** Calendars of all kinds: several shifts, night shifts, DST zones, closings, and their intersections. */
export const clock = fc.integer({ min: 0, max: 24 }).map((h) => `${String(h).padStart(2, '0')}:00`);
export const hours = fc.uniqueArray(clock, { minLength: 2, maxLength: 6 }).map((times) => {
  const sorted = times.sort();
  return sorted.flatMap((from, index) =>
    index % 2 === 0 && sorted[index + 1] ? [{ from, to: sorted[index + 1] ?? '' }] : [],
  );
});
export const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/Chicago', 'Australia/Lord_Howe');
export const days = fc.integer({ min: 0, max: 800 }).map((n) => addCalendarDays('2025-06-01', n));
export const simple: fc.Arbitrary<Calendar> = fc
  .record({
    zone: zones,
    hours,
    weekdays: fc.uniqueArray(fc.constantFrom<Weekday>(1, 2, 3, 4, 5, 6, 7), { minLength: 1 }),
    exceptions: fc.array(
      fc.record({ from: days, length: fc.nat(20), hours: fc.oneof(fc.constant([]), hours), priority: fc.nat(2) }),
      { maxLength: 4 },
    ),
  })
  .map(({ zone, hours, weekdays, exceptions }) =>
    workingCalendar({
      name: 'generated',
      zone,
      week: Object.fromEntries(weekdays.map((day) => [day, hours])),
      exceptions: exceptions.map(({ length, ...rest }) => ({ ...rest, to: addCalendarDays(rest.from, length) })),
    }),
  );
export const calendars = fc.oneof(
  simple,
  simple.map((calendar) => intersection([calendar, alwaysOpen('America/Chicago')], 'Asia/Tokyo')),
);
export const instants = fc.integer({ min: Date.UTC(2025, 6, 1), max: Date.UTC(2027, 5, 1) }).map(instantOf);
export const work = fc.integer({ min: 1, max: 200 * hour });
