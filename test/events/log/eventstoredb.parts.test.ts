import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openConnection } from '../../../src/events/log/eventstoredb/connection.ts';
import { parseConnectionString } from '../../../src/events/log/eventstoredb/connection-string.ts';
import { decodePosition, encodePosition } from '../../../src/events/log/eventstoredb/position.ts';
import { backoff } from '../../../src/events/log/eventstoredb/timing.ts';

describe('positions', () => {
  const position = fc.record({ commit: fc.bigInt(0n, 2n ** 64n - 1n), prepare: fc.bigInt(0n, 2n ** 64n - 1n) });

  test('survive being written and read', () => {
    fc.assert(
      fc.property(position, (p) => {
        expect(decodePosition(encodePosition(p))).toEqual(p);
      }),
    );
  });

  test('sort as strings like the numbers in them', () => {
    fc.assert(
      fc.property(position, position, (a, b) => {
        const earlier = a.commit === b.commit ? a.prepare < b.prepare : a.commit < b.commit;
        expect(encodePosition(a) < encodePosition(b)).toBe(earlier);
      }),
    );
  });

  test.each(['', 'start', '1/2', `${'0'.repeat(20)}:${'0'.repeat(20)}`])(
    'of another kind are refused: "%s"',
    (text) => {
      expect(() => decodePosition(text)).toThrow(RangeError);
    },
  );
});

describe('the connection string', () => {
  test('keeps what it says and is completed with the settings of the adapter', () => {
    const complete = parseConnectionString(
      'esdb://admin:s%3Fcret@one:2113,two:2113/?tls=true&tlsCAFile=ca.crt&keepAliveInterval=-1',
    );
    expect(complete(10_007)).toBe(
      'esdb://admin:s%3Fcret@one:2113,two:2113?tls=true&tlsCAFile=ca.crt&keepAliveInterval=10007',
    );
    expect(parseConnectionString('esdb+discover://cluster')(10_001)).toBe(
      'esdb+discover://cluster?keepAliveInterval=10001',
    );
  });

  test.each([
    ['postgres://u:pa55@db/x', 'must start with esdb://'],
    ['esdb://', 'must start with esdb://'],
    ['esdb://u:pa55@host?tlsVerifyCert=false', 'always verifies'],
    ['esdb://u:pa55@host?tls=true&TLS_verify-cert=false', 'always verifies'],
    ['esdb://u:pa55@host?timeout=5', 'unknown option "timeout"'],
    ['esdb://u:pa55?x@host?tls=false', 'more than one "?"'],
    ['esdb://u:pa55@host:port', 'cannot be read'],
    ['esdb://u:pa55@host?tls=perhaps', 'cannot be read'],
    ['esdb://u:pa55@host?tlsCAFile=/no/such/file', 'not there'],
  ])('%s is refused in words that do not repeat the password', (url, words) => {
    const open = () => openConnection(url);
    expect(open).toThrow(words);
    expect(open).not.toThrow('pa55');
    expect(open).toThrow(expect.objectContaining({ code: 'invalid-eventstore-url' }));
  });
});

test('a retry waits between half and all of 100 ms, half as long again each time, up to 10 s', () => {
  expect([0, 1, 2, 11, 12, 50].map((n) => Math.round(backoff(n, () => 1)))).toEqual([
    100, 150, 225, 8650, 10_000, 10_000,
  ]);
  expect([0, 1, 2, 50].map((n) => Math.round(backoff(n, () => 0)))).toEqual([50, 75, 113, 5_000]);
});
