import { expect, test } from 'vitest';
import { delayBefore } from '../../src/projections/backoff.ts';
import { earliest, isAfter } from '../../src/projections/checkpoint.ts';
import { lagMeter } from '../../src/projections/lag.ts';

test('lag counts from the last time at the head of the log', () => {
  let time = 0;
  const meter = lagMeter(() => time);
  time = 2_000;
  expect(meter.lag()).toEqual({ events: 0, seconds: 2, stalled: false });
  meter.progressed({ caughtUp: false, waiting: 7 });
  time = 3_000;
  expect(meter.lag()).toEqual({ events: 7, seconds: 3, stalled: false });
  meter.progressed({ caughtUp: true, waiting: 0 });
  time = 60_000;
  expect(meter.lag()).toEqual({ events: 0, seconds: 0, stalled: false });
  meter.interrupted();
  time = 61_000;
  expect(meter.lag().seconds).toBe(1);
});

test('a head that moves while the position does not is a stall', () => {
  let time = 0;
  const meter = lagMeter(() => time);
  meter.progressed({ caughtUp: true, waiting: 0 });
  meter.looked('5', '5');
  expect(meter.lag().stalled).toBe(false);
  meter.looked('6', '5');
  expect(meter.lag().stalled).toBe(false);
  time = 5_000;
  meter.looked('7', '5');
  expect(meter.lag()).toEqual({ events: 0, seconds: 5, stalled: true });
  meter.progressed({ caughtUp: true, waiting: 0 });
  expect(meter.lag()).toEqual({ events: 0, seconds: 0, stalled: false });
});

test('a moving position is no stall, however far the head is', () => {
  const meter = lagMeter(() => 0);
  meter.looked('6', '1');
  meter.looked('9', '2');
  expect(meter.lag().stalled).toBe(false);
});

test('retries wait longer and longer, up to a cap, with half of it random', () => {
  const backoff = { baseMs: 100, factor: 2, capMs: 1_000 };
  expect([1, 2, 3, 4, 5, 500].map((attempt) => delayBefore(attempt, backoff, () => 1))).toEqual([
    100, 200, 400, 800, 1_000, 1_000,
  ]);
  expect(delayBefore(2, backoff, () => 0)).toBe(100);
});

test('nothing comes before the start of the log', () => {
  expect(isAfter('1', 'start')).toBe(true);
  expect(isAfter('start', '1')).toBe(false);
  expect(isAfter('start', 'start')).toBe(false);
  expect(isAfter('2', '1')).toBe(true);
  expect(isAfter('1', '1')).toBe(false);
  expect(earliest(['3', '1', '2'])).toBe('1');
  expect(earliest(['3', 'start', '2'])).toBe('start');
});
