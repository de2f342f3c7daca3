import { hash } from 'node:crypto';
import { InvalidValue, shown } from './refusal.ts';

export { formatOrderNumber, parseOrderNumber } from './orderNumbers.ts';

/** UUIDs of RFC 9562, in lower case. */

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const randomBits = 74n;
const lowBits = 62n;

export const isUuid = (text: string): boolean => uuidForm.test(text);

/** Takes any case, gives lower case. Throws InvalidValue. */
export function parseUuid(text: string): string {
  const uuid = text.toLowerCase();
  if (!isUuid(uuid))
    throw new InvalidValue(
      'invalid-uuid',
      `${shown(text)} is not a UUID; give e.g. 0190a6b2-7c4e-7d3a-9f10-3c5b8f1e2d4a`,
    );
  return uuid;
}

/** A version 7 UUID: it sorts by its time (epoch milliseconds). Needs 10 random bytes, of which it uses 74 bits. */
export function uuidv7(now: number, random: Uint8Array): string {
  return composeV7(now, randomOf(random));
}

/**
 * Makes version 7 UUIDs that only ever grow, also within a millisecond and when the clock steps back: then the random part of
 * the previous one is counted up (RFC 9562 section 6.2, method 2).
 */
export function uuidv7Generator(source: {
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
}): () => string {
  let lastTime = -1;
  let lastRandom = 0n;
  return () => {
    const now = source.now();
    if (now > lastTime) {
      lastTime = now;
      lastRandom = randomOf(source.random(10));
    } else if (lastRandom + 1n < 1n << randomBits) {
      lastRandom += 1n;
    } else {
      lastTime += 1;
      lastRandom = randomOf(source.random(10));
    }
    return composeV7(lastTime, lastRandom);
  };
}

/** A version 5 UUID: the same namespace (a UUID) and name always give the same id. */
export function uuidv5(namespace: string, name: string): string {
  const bytes = Buffer.allocUnsafe(16 + Buffer.byteLength(name));
  bytes.write(parseUuid(namespace).replaceAll('-', ''), 0, 'hex');
  bytes.write(name, 16);
  const digest = hash('sha1', bytes);
  const variant = ((Number.parseInt(digest.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return hyphenated(`${digest.slice(0, 12)}5${digest.slice(13, 16)}${variant}${digest.slice(18, 32)}`);
}

function randomOf(bytes: Uint8Array): bigint {
  if (bytes.length < 10) throw new RangeError(`A UUID needs 10 random bytes, got ${bytes.length}`);
  return BigInt.asUintN(Number(randomBits), BigInt(`0x${Buffer.from(bytes.subarray(0, 10)).toString('hex')}`));
}

function composeV7(time: number, random: bigint): string {
  if (!Number.isInteger(time) || time < 0 || time >= 2 ** 48) {
    throw new InvalidValue('invalid-time', `${time} is not a time in epoch milliseconds that a UUID can hold`);
  }
  const high = (0x7000n | (random >> lowBits)).toString(16);
  const low = ((2n << lowBits) | BigInt.asUintN(Number(lowBits), random)).toString(16);
  return hyphenated(time.toString(16).padStart(12, '0') + high + low);
}

const hyphenated = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
