import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sentenceOf, whenText } from '../../../src/audit/history/sentence.ts';
import { catalog } from '../../../src/events/catalog/index.ts';
import type { Actor, EventMetadata, Recorded } from '../../../src/events/envelope.ts';
import { rawEvent } from '../../support/memory-log.ts';
import type { JsonSchema } from '../../support/routes.ts';
import { fitting } from '../../support/schemaInputs.ts';

const recorded = (type: string, data: unknown, metadata: Partial<EventMetadata> = {}): Recorded => {
  const event = rawEvent({ type, data });
  const schemaVersion = catalog.get(type)?.schemaVersion ?? 1;
  return {
    ...event,
    stream: 'order-1',
    revision: 0,
    position: '1',
    metadata: { ...event.metadata, schemaVersion, ...metadata },
  };
};

const actors = fc.record({
  kind: fc.constantFrom<Actor['kind']>('user', 'customer', 'program', 'system'),
  id: fc.constantFrom('anna', 'C-1'),
  via: fc.constantFrom<Actor['via']>('api', 'cli', 'import', 'simulation', 'process', 'edi'),
});

describe('every event of the catalogue is told in one English sentence', () => {
  test.each([...catalog.values()])('$type', ({ type, schema }) => {
    const property = fc.property(fitting(schema as unknown as JsonSchema), actors, (data, actor) => {
      const sentence = sentenceOf(recorded(type, data, { actor, reason: { code: 'price' } }));
      expect(sentence).toMatch(/^(?:User|Customer|Program|The system:) (?:anna|C-1) [a-z].* because of price\.$/s);
      expect(sentence).not.toMatch(/undefined|null|NaN|\[object|which this version cannot read/);
    });
    fc.assert(property, { numRuns: process.env.ORDERFOLD_SOAK ? 2_000 : 60 });
  });
});

const orderNo = 'SO-1';
const pieces = (value: string) => ({ value, uom: 'C62' });
const zone = 'Europe/Berlin';

test('who did what, on whose behalf and why, in the terms of the business', () => {
  const user: Actor = { kind: 'user', id: 'anna', via: 'api' };
  const revised = recorded(
    'PromiseRevised',
    {
      orderNo,
      initiator: 'customer',
      customerAgreed: true,
      scheduleLines: [
        {
          lineNo: 2,
          scheduleId: '2.1',
          from: { deliverOn: '2026-05-03', zone },
          to: { deliverOn: '2026-05-10', zone },
        },
      ],
    },
    { actor: user, reason: { code: 'site-not-ready', text: 'The crane comes later' } },
  );
  expect(sentenceOf(revised)).toBe(
    'User anna moved the promise of line 2 (schedule line 2.1) from 3 May 2026 to 10 May 2026 on behalf of the customer through the API, because of site-not-ready ("The crane comes later").',
  );
  const lines = [
    { lineNo: 1, sku: 'PUMP', qty: pieces('1'), orderedAt: null, unitPrice: { amount: '9.5', currency: 'EUR' } },
  ];
  expect(
    sentenceOf(recorded('OrderLinesAdded', { orderNo, lines }, { source: { kind: 'file', ref: 'h.csv:7' } })),
  ).toBe(
    'Program test added line 1 (1 piece of PUMP at 9.5 EUR each) to order SO-1 in the simulation, as told by file h.csv:7.',
  );
  const cancelled = {
    orderNo,
    initiator: 'customer',
    lines: [{ lineNo: 1, qty: { value: '2.5', uom: 'KGM' }, released: [] }],
  };
  const customer: Actor = { kind: 'customer', id: 'C-1', via: 'api' };
  expect(sentenceOf(recorded('QuantityCancelled', cancelled, { actor: customer }))).toBe(
    'Customer C-1 cancelled 2.5 kilograms of line 1 of order SO-1 on their own behalf through the API.',
  );
});

test('an event that this version cannot read is told as one', () => {
  expect(sentenceOf(recorded('LinesPicked', { orderNo }))).toBe(
    'Program test recorded "Lines picked", which this version cannot read, in the simulation.',
  );
  expect(sentenceOf(recorded('OrderAccepted', { orderNo: 7 }))).toContain('which this version cannot read');
});

test('when: the two times, where they differ', () => {
  const { metadata } = recorded('OrderAccepted', { orderNo });
  expect(whenText(metadata)).toBe('2 March 2026, 08:00 UTC');
  expect(whenText({ ...metadata, occurredAt: '2026-02-27T10:30:15.000Z' })).toBe(
    '27 February 2026, 10:30:15 UTC (recorded 2 March 2026, 08:00 UTC)',
  );
});
