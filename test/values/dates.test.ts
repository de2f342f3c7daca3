import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  addCalendarDays,
  compare,
  daysBetween,
  endOfDay,
  epochOf,
  instantAt,
  instantOf,
  localDateAt,
  localDateOf,
  parseInstant,
  parseLocalDate,
  parseLocalTime,
  parseZone,
  startOfDay,
  weekday,
} from '../../src/values/dates.ts';
import { codeOf, numRuns } from './runs.ts';

const epochs = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2037, 11, 31) });
const dates = fc.integer({ min: 0, max: 24_000 }).map((day) => addCalendarDays('1971-01-01', day));
/** Half-hour DST, quarter-hour offsets, a week of DST (Noronha 2000), a skipped day (Apia 2011-12-30), DST at midnight, no DST. */
const zones = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/Chicago',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'America/Sao_Paulo',
  'Africa/Cairo',
  'America/Noronha',
  'Asia/Gaza',
  'Asia/Tokyo',
);

describe('dates and instants from outside', () => {
  it('are refused when the day does not exist', () => {
    for (const text of [
      '2026-02-30',
      '2025-02-29',
      '2026-13-01',
      '2026-00-10',
      '2026-1-2',
      '0000-01-01',
      '20260102',
      '2026-01-02T',
      '',
    ]) {
      expect(
        codeOf(() => parseLocalDate(text)),
        text,
      ).toBe('invalid-date');
    }
    expect(parseLocalDate('2024-02-29')).toBe('2024-02-29');
    expect(() => parseLocalDate('2026-02-30')).toThrow(
      '"2026-02-30" is not a calendar date; give an existing day as YYYY-MM-DD',
    );
  });

  it('become UTC with milliseconds, whatever their offset', () => {
    expect(parseInstant('2026-01-02T03:04:05Z')).toBe('2026-01-02T03:04:05.000Z');
    expect(parseInstant('2026-01-02t03:04:05.6789z')).toBe('2026-01-02T03:04:05.678Z');
    expect(parseInstant('2026-01-02T00:04:05.5+02:00')).toBe('2026-01-01T22:04:05.500Z');
    fc.assert(
      fc.property(epochs, (epoch) => {
        expect(parseInstant(instantOf(epoch))).toBe(instantOf(epoch));
        expect(epochOf(instantOf(epoch))).toBe(epoch);
      }),
      { numRuns },
    );
  });

  it('are refused without a zone, with impossible parts, or beyond the years 0001 to 9999', () => {
    for (const text of [
      '2026-01-02',
      '2026-01-02T03:04:05',
      '2026-02-30T03:04:05Z',
      '2026-02-30T03:04:05.000Z',
      '2026-13-01T03:04:05Z',
      '2026-01-02T24:00:00Z',
      '2026-01-02T23:59:60Z',
      '2026-01-02T03:04:05+24:00',
      '2026-01-02 03:04:05Z',
      '0000-01-02T03:04:05.000Z',
    ]) {
      expect(
        codeOf(() => parseInstant(text)),
        text,
      ).toBe('invalid-instant');
    }
    expect(codeOf(() => parseInstant('9999-12-31T23:59:59-01:00'))).toBe('instant-out-of-bounds');
    expect(codeOf(() => addCalendarDays('9999-12-31', 1))).toBe('instant-out-of-bounds');
  });

  it('have times of the day up to 24:00', () => {
    expect(['00:00', '23:59:59', '24:00'].map(parseLocalTime)).toEqual(['00:00', '23:59:59', '24:00']);
    for (const text of ['24:01', '8:00', '12:60', 'noon', ''])
      expect(
        codeOf(() => parseLocalTime(text)),
        text,
      ).toBe('invalid-time');
  });

  it('have zones of the IANA database, not offsets', () => {
    expect(parseZone('America/Argentina/Buenos_Aires')).toBe('America/Argentina/Buenos_Aires');
    expect(parseZone('europe/berlin')).toBe('Europe/Berlin');
    for (const zone of ['', '+02:00', 'Mars/Phobos', 'Europe/Berlin ', '../etc']) {
      expect(
        codeOf(() => parseZone(zone)),
        zone,
      ).toBe('unknown-zone');
    }
    expect(codeOf(() => localDateOf('2026-01-01T00:00:00.000Z', 'Nowhere'))).toBe('unknown-zone');
  });
});

describe('the local date of an instant', () => {
  it('is what Temporal says, at any instant and in any zone', () => {
    fc.assert(
      fc.property(epochs, zones, (epoch, zone) => {
        const oracle = Temporal.Instant.fromEpochMilliseconds(epoch).toZonedDateTimeISO(zone).toPlainDate().toString();
        expect(localDateOf(instantOf(epoch), zone)).toBe(oracle);
        expect(localDateAt(epoch, zone)).toBe(oracle);
      }),
      { numRuns: numRuns * 3 },
    );
  });

  it('is what Temporal says in each hour of a summer time of one week', () => {
    for (let epoch = Date.UTC(2000, 9, 1); epoch < Date.UTC(2000, 9, 31); epoch += 3_600_000) {
      const oracle = Temporal.Instant.fromEpochMilliseconds(epoch)
        .toZonedDateTimeISO('America/Noronha')
        .toPlainDate()
        .toString();
      expect(localDateAt(epoch, 'America/Noronha')).toBe(oracle);
    }
  });

  it('changes at the millisecond of midnight, also on the days on which the clocks change', () => {
    for (const date of ['2026-03-29', '2026-03-30', '2026-10-25', '2026-10-26']) {
      const start = epochOf(startOfDay(date, 'Europe/Berlin'));
      expect(localDateAt(start, 'Europe/Berlin')).toBe(date);
      expect(localDateAt(start - 1, 'Europe/Berlin')).toBe(addCalendarDays(date, -1));
    }
  });
});

describe('the start of a day', () => {
  it('is what Temporal says', () => {
    fc.assert(
      fc.property(dates, zones, (date, zone) => {
        const oracle = Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds;
        expect(epochOf(startOfDay(date, zone))).toBe(oracle);
        expect(endOfDay(date, zone)).toBe(startOfDay(addCalendarDays(date, 1), zone));
      }),
      { numRuns: numRuns * 2 },
    );
  });

  it('is 23, 24, 25 or other hours before the next one', () => {
    const hours = (date: string, zone: string) =>
      (epochOf(endOfDay(date, zone)) - epochOf(startOfDay(date, zone))) / 3_600_000;
    expect(hours('2026-03-29', 'Europe/Berlin')).toBe(23);
    expect(hours('2026-10-25', 'Europe/Berlin')).toBe(25);
    expect(hours('2026-06-01', 'Europe/Berlin')).toBe(24);
    expect(hours('2026-04-05', 'Australia/Lord_Howe')).toBe(24.5);
    expect(hours('2011-12-30', 'Pacific/Apia')).toBe(0);
    // Midnight was skipped: the day began at one o'clock.
    expect(startOfDay('2018-11-04', 'America/Sao_Paulo')).toBe('2018-11-04T03:00:00.000Z');
    expect(hours('2018-11-04', 'America/Sao_Paulo')).toBe(23);
  });
});

describe('a time of the wall clock', () => {
  it('is what Temporal says where it exists, the earlier one where it exists twice', () => {
    fc.assert(
      fc.property(dates, fc.nat(23), fc.nat(59), zones, (date, hour, minute, zone) => {
        const time = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
        const oracle = Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(zone, {
          disambiguation: 'earlier',
        });
        if (oracle.toPlainDateTime().toString() !== `${date}T${time}:00`) return;
        expect(epochOf(instantAt(date, time, zone))).toBe(oracle.epochMilliseconds);
      }),
      { numRuns: numRuns * 2 },
    );
  });

  it('is known on the days on which clocks change', () => {
    expect(instantAt('2026-03-10', '17:00', 'America/Chicago')).toBe('2026-03-10T22:00:00.000Z');
    expect(instantAt('2026-10-25', '02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
    // 02:30 does not exist: the moment of the jump.
    expect(instantAt('2026-03-29', '02:30', 'Europe/Berlin')).toBe('2026-03-29T01:00:00.000Z');
  });

  it('never runs backwards through a day', () => {
    const minutes = fc.tuple(fc.nat(1439), fc.nat(1439)).map((pair) => pair.sort((a, b) => a - b));
    const clock = (minute: number) =>
      `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
    const changeDays = fc.constantFrom(
      '2026-03-29',
      '2026-10-25',
      '2026-04-05',
      '2026-10-04',
      '2011-12-30',
      '2018-11-04',
      '2018-02-18',
    );
    fc.assert(
      fc.property(changeDays, minutes, zones, (date, [early = 0, late = 0], zone) => {
        expect(instantAt(date, clock(early), zone) <= instantAt(date, clock(late), zone)).toBe(true);
      }),
      { numRuns },
    );
  });
});

describe('calendar arithmetic', () => {
  it('counts days there and back', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: -3_000, max: 3_000 }), (date, days) => {
        const there = addCalendarDays(date, days);
        expect(daysBetween(date, there)).toBe(days);
        expect(addCalendarDays(there, -days)).toBe(date);
        expect(compare(date, there)).toBe(Math.sign(-days) || 0);
        expect(weekday(there)).toBe(Temporal.PlainDate.from(there).dayOfWeek);
      }),
      { numRuns },
    );
    expect(addCalendarDays('2026-03-28', 2)).toBe('2026-03-30');
    expect(weekday('1969-12-29')).toBe(1);
  });
});
