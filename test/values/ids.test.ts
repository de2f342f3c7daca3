import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatOrderNumber,
  isUuid,
  parseOrderNumber,
  parseUuid,
  uuidv5,
  uuidv7,
  uuidv7Generator,
} from '../../src/values/ids.ts';
import { codeOf, numRuns } from './runs.ts';

const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
const times = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe('UUID version 7', () => {
  it('is the example of RFC 9562 appendix A.6', () => {
    // rand_a = 0xCC3, rand_b = 0x18C4DC0C0C07398F: the 74 bits of these ten bytes.
    const random = BigInt.asUintN(74, (0xcc3n << 62n) | 0x18c4dc0c0c07398fn)
      .toString(16)
      .padStart(20, '0');
    expect(uuidv7(0x017f22e279b0, Buffer.from(random, 'hex'))).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it('is well formed and sorts by time', () => {
    fc.assert(
      fc.property(times, times, bytes, bytes, (a, b, randomA, randomB) => {
        const [first, second] = [uuidv7(a, randomA), uuidv7(b, randomB)];
        expect(isUuid(first)).toBe(true);
        expect(first[14]).toBe('7');
        if (a !== b) expect(first < second).toBe(a < b);
        expect(Number.parseInt(first.replaceAll('-', '').slice(0, 12), 16)).toBe(a);
      }),
      { numRuns },
    );
  });

  it('only grows from one generator, whatever the clock and the dice do', () => {
    const clocks = fc.array(fc.integer({ min: 1_000, max: 1_005 }), { minLength: 2, maxLength: 50 });
    fc.assert(
      fc.property(clocks, fc.constantFrom(0, 0x5a, 0xff), (ticks, dice) => {
        let tick = 0;
        const make = uuidv7Generator({ now: () => ticks[tick++] ?? 0, random: (n) => new Uint8Array(n).fill(dice) });
        const ids = ticks.map(() => make());
        expect(ids).toEqual([...new Set(ids)].sort());
      }),
      { numRuns },
    );
  });

  it('refuses times it cannot hold and too little randomness', () => {
    expect(codeOf(() => uuidv7(-1, new Uint8Array(10)))).toBe('invalid-time');
    expect(codeOf(() => uuidv7(2 ** 48, new Uint8Array(10)))).toBe('invalid-time');
    expect(() => uuidv7(1, new Uint8Array(9))).toThrow(RangeError);
  });
});

describe('UUID version 5', () => {
  it('is the example of RFC 9562 appendix A.4', () => {
    expect(uuidv5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });

  it('is a well-formed function of namespace and name', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.string(), fc.string(), (namespace, a, b) => {
        expect(isUuid(uuidv5(namespace, a))).toBe(true);
        expect(uuidv5(namespace.toUpperCase(), a)).toBe(uuidv5(namespace, a));
        if (a !== b) expect(uuidv5(namespace, a)).not.toBe(uuidv5(namespace, b));
      }),
      { numRuns },
    );
  });

  it('needs a UUID as its namespace', () => {
    expect(codeOf(() => uuidv5('orders', 'x'))).toBe('invalid-uuid');
    expect(parseUuid('2ED6657D-E927-568B-95E1-2665A8AEA6A2')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
    expect(isUuid('2ED6657D-E927-568B-95E1-2665A8AEA6A2')).toBe(false);
  });
});

describe('order numbers', () => {
  const numbers = fc.integer({ min: 1, max: 999_999_999_999_999 });
  const alphabet = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-'];
  const refused = (text: string) => codeOf(() => parseOrderNumber(text)) !== 'nothing thrown';

  it('carry the check digit of Damm', () => {
    expect(formatOrderNumber(572)).toBe('SO-572-4');
    expect(formatOrderNumber(100_042n, 'RMA')).toBe('RMA-100042-6');
  });

  it('are read back, in lower case, without hyphens, with blanks around', () => {
    fc.assert(
      fc.property(numbers, (number) => {
        const text = formatOrderNumber(number);
        for (const written of [text, text.toLowerCase(), text.replaceAll('-', ''), ` ${text} `]) {
          expect(parseOrderNumber(written)).toBe(number);
        }
      }),
      { numRuns },
    );
  });

  it('catch every wrong character', () => {
    fc.assert(
      fc.property(numbers, (number) => {
        const text = formatOrderNumber(number);
        for (let i = 0; i < text.length; i++) {
          for (const char of alphabet) {
            if (char === text[i]) continue;
            const wrong = text.slice(0, i) + char + text.slice(i + 1);
            expect(refused(wrong), wrong).toBe(true);
          }
        }
      }),
      { numRuns: numRuns / 8 },
    );
  });

  it('catch every swap of neighbours, with and without hyphens', () => {
    fc.assert(
      fc.property(numbers, fc.boolean(), (number, hyphens) => {
        const text = hyphens ? formatOrderNumber(number) : formatOrderNumber(number).replaceAll('-', '');
        for (let i = 0; i + 1 < text.length; i++) {
          if (text[i] === text[i + 1]) continue;
          const swapped = `${text.slice(0, i)}${text[i + 1]}${text[i]}${text.slice(i + 2)}`;
          expect(refused(swapped), swapped).toBe(true);
        }
      }),
      { numRuns },
    );
  });

  it('say what is wrong', () => {
    expect(() => parseOrderNumber('SO-572-5')).toThrow('"SO-572-5" is mistyped');
    expect(() => parseOrderNumber('hello')).toThrow('"hello" is not an order number; give it like SO-100042-6');
    expect(codeOf(() => parseOrderNumber('QU-572-4'))).toBe('invalid-order-number');
    expect(codeOf(() => parseOrderNumber('SO-0572-4'))).toBe('invalid-order-number');
    for (const number of [0, -1, 1.5, 1e15])
      expect(
        codeOf(() => formatOrderNumber(number)),
        String(number),
      ).toBe('invalid-order-number');
  });
});
