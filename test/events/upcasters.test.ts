import { describe, expect, test } from 'vitest';
import { decodeEvent, MalformedEvent } from '../../src/events/decode.ts';
import type { Recorded } from '../../src/events/envelope.ts';
import { type Steps, upcasterOf } from '../../src/events/upcasters.ts';
import { rawEvent } from '../support/memory-log.ts';

const event = (type: string, data: unknown, schemaVersion = 1): Recorded => {
  const raw = rawEvent({ type, data });
  return { ...raw, metadata: { ...raw.metadata, schemaVersion }, stream: 'order-1', revision: 0, position: '1' };
};

/** A past in which the carrier was a number, then a code, and is called by its name today. */
const steps: Steps = {
  'GoodsLeft@1': ({ carrierNumber, ...rest }) => ({ ...rest, carrierCode: `C${String(carrierNumber)}` }),
  'GoodsLeft@2': ({ carrierCode, ...rest }) => ({ ...rest, carrier: carrierCode }),
};
const lift = upcasterOf(steps, (type) => (type === 'GoodsLeft' ? 3 : undefined));

describe('upcasting', () => {
  test.each([
    [1, { carrierNumber: 7, qty: '1' }],
    [2, { carrierCode: 'C7', qty: '1' }],
    [3, { carrier: 'C7', qty: '1' }],
  ])('lifts version %d to the current one', (version, data) => {
    const lifted = lift(event('GoodsLeft', data, version));
    expect(lifted.data).toEqual({ carrier: 'C7', qty: '1' });
    expect(lifted.metadata.schemaVersion).toBe(3);
  });

  test('passes current versions and unknown types as they are', () => {
    for (const one of [event('GoodsLeft', {}, 3), event('SomethingElse', {}, 1)]) expect(lift(one)).toBe(one);
  });

  test('leaves a version without a step, and one from the future, for the schema to refuse', () => {
    expect(lift(event('GoodsLeft', {}, 0)).metadata.schemaVersion).toBe(0);
    expect(lift(event('GoodsLeft', {}, 9)).metadata.schemaVersion).toBe(9);
  });

  test('leaves what was recorded untouched', () => {
    const old = event('GoodsLeft', { carrierNumber: 7 });
    lift(old);
    expect(old.data).toEqual({ carrierNumber: 7 });
  });
});

describe('decoding', () => {
  test('parses what fits the catalogue', () => {
    expect(decodeEvent(event('OrderAccepted', { orderNo: 'SO-1' }))).toMatchObject({ type: 'OrderAccepted' });
  });

  test.each([
    ['an unknown type', event('OrderFrobnicated', {}), 'does not know'],
    ['a missing field', event('OrderAccepted', {}), 'does not fit its schema'],
    ['a field too much', event('OrderAccepted', { orderNo: 'SO-1', x: 1 }), 'does not fit its schema'],
    ['data that is text', event('OrderAccepted', '{"orderNo":"SO-1"}'), 'does not fit its schema'],
    ['a version from the future', event('OrderAccepted', { orderNo: 'SO-1' }, 2), 'version'],
  ])('refuses %s', (_, malformed, message) => {
    expect(() => decodeEvent(malformed)).toThrow(MalformedEvent);
    expect(() => decodeEvent(malformed)).toThrow(message);
  });
});
