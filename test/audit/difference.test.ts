import { describe, expect, test } from 'vitest';
import { differenceOf } from '../../src/audit/difference/difference.ts';
import type { Recorded } from '../../src/events/envelope.ts';
import { rawEvent } from '../support/memory-log.ts';
import { typicalOrder } from '../support/order-history.ts';

const orderNo = 'SO-7';
const zone = 'Europe/Berlin';
const hour = (n: number): string => new Date(Date.UTC(2026, 2, 1, n)).toISOString();
const pieces = (value: string) => ({ value, uom: 'C62' });

/** Each event an hour after the last, recorded at once. */
const stream = (...facts: readonly [type: string, data: object][]): Recorded[] =>
  facts.map(([type, data], revision) => {
    const event = rawEvent({ type, data: { orderNo, ...data }, occurredAt: hour(revision) });
    const position = String(revision).padStart(20, '0');
    return {
      ...event,
      metadata: { ...event.metadata, recordedAt: hour(revision) },
      stream: 'order-7',
      revision,
      position,
    };
  });

const life = stream(
  ['OrderStarted', { orderId: '7', customerId: 'C-1', currency: 'EUR', shipTo: { zone } }],
  ['OrderLinesAdded', { lines: [{ lineNo: 20, sku: 'PUMP', qty: pieces('10'), orderedAt: null }] }],
  ['OrderSubmitted', { lineCount: 1 }],
  ['HoldPlaced', { holdId: 'H1', holdType: 'credit' }],
  [
    'PromiseCommitted',
    {
      lines: [
        {
          lineNo: 20,
          scheduleLines: [{ scheduleId: '20.1', qty: pieces('10'), promise: { deliverOn: '2026-05-03', zone } }],
        },
      ],
    },
  ],
  [
    'QuantityCancelled',
    {
      initiator: 'customer',
      lines: [{ lineNo: 20, qty: pieces('2'), released: [{ scheduleId: '20.1', qty: pieces('2') }] }],
    },
  ],
  [
    'PromiseRevised',
    {
      initiator: 'supplier',
      customerAgreed: false,
      scheduleLines: [
        {
          lineNo: 20,
          scheduleId: '20.1',
          from: { deliverOn: '2026-05-03', zone },
          to: { deliverOn: '2026-05-10', zone },
        },
      ],
    },
  ],
  ['HoldReleased', { holdId: 'H1' }],
);

const at = (revision: number) => ({ position: life[revision]?.position ?? '' });

describe('the difference between two moments of an order', () => {
  test('is told in business terms, for people and for programs, with the events behind it', async () => {
    const { changes, events } = await differenceOf(life, at(4), at(7));
    expect(changes.map(({ sentence }) => sentence)).toEqual([
      'line 20: quantity 10 pieces → 8 pieces, promise 3 May 2026 → 10 May 2026, cancelled none → 2 pieces',
      'credit hold H1 released',
    ]);
    expect(changes[0]).toMatchObject({
      subject: 'line',
      id: '20',
      kind: 'changed',
      fields: [{ field: 'quantity', from: '10 pieces', to: '8 pieces' }, { field: 'promise' }, { field: 'cancelled' }],
    });
    expect(events.map(({ event, side }) => [event.type, side])).toEqual([
      ['QuantityCancelled', 'to'],
      ['PromiseRevised', 'to'],
      ['HoldReleased', 'to'],
    ]);
  });

  test('goes in both directions, from nothing and to nothing', async () => {
    const back = await differenceOf(life, at(7), at(4));
    expect(back.changes.map(({ sentence }) => sentence)).toContain('credit hold H1 placed');
    expect(new Set(back.events.map(({ side }) => side))).toEqual(new Set(['from']));
    const born = await differenceOf(life, { recorded: hour(-1) }, at(1));
    expect(born.changes.map(({ sentence }) => sentence)).toEqual([
      'order SO-7 opened',
      'line 20 added: 10 pieces of PUMP',
    ]);
    expect((await differenceOf(life, at(3), at(3))).changes).toEqual([]);
  });

  test('of a whole life names shipments, deliveries and errors', async () => {
    const { stream: name, events } = typicalOrder(11);
    const all = events.map((event, revision) => ({ ...event, stream: name, revision, position: String(revision) }));
    const { changes } = await differenceOf(all, { position: '4' }, {});
    const told = changes.map(({ sentence }) => sentence).join('\n');
    expect(told).toMatch(/^order T-11: status .* → delivered/);
    expect(told).toMatch(/shipment S11a left with \d+ pieces of line 1 and \d+ pieces of line 2/);
    expect(told).toContain('delivery error E1 (damage on line 2) recorded');
  });
});
