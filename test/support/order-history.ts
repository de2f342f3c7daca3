import type { NewEvent } from '../../src/events/envelope.ts';
import { rawEvent } from './memory-log.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 5, 9);
const at = (days: number): string => new Date(start + days * day).toISOString();
const dateAt = (days: number): string => at(days).slice(0, 10);

export interface TypicalOrder {
  readonly stream: string;
  readonly events: readonly NewEvent[];
}

/**
 * A typical order: three lines, placed, accepted, promised, shipped in two parts and delivered; about ten events.
 * The serial number decides dates and quantities, so that some orders are late, short or damaged.
 */
export function typicalOrder(serial: number): TypicalOrder {
  const orderId = `00000000-0000-5000-8000-${String(serial).padStart(12, '0')}`;
  const orderNo = `T-${serial}`;
  const placed = (serial % 300) + (serial % 24) / 24;
  const lineNos = [1, 2, 3];
  const qty = (value: number) => ({ value: String(value), uom: 'C62' });
  const of = (lineNo: number) => 10 + ((serial + lineNo) % 7);
  const zone = serial % 2 === 0 ? 'Europe/Berlin' : 'America/Chicago';
  const event = (type: string, data: object, days: number) =>
    rawEvent({ type, data: { orderNo, ...data }, occurredAt: at(placed + days) });
  const parts = (lines: readonly number[]) =>
    lines.map((lineNo) => ({
      lineNo,
      qty: qty(of(lineNo)),
      scheduleLines: [{ scheduleId: `${lineNo}.1`, qty: qty(of(lineNo)) }],
    }));
  const late = serial % 5 === 0 ? 4 : 0;
  const events = [
    event(
      'OrderStarted',
      {
        orderId,
        customerId: `C${serial % 50}`,
        customerPo: `PO-${serial}`,
        currency: 'EUR',
        shipTo: { zone, country: serial % 2 === 0 ? 'Germany' : 'United States' },
        channel: 'web',
        dimensions: { region: `R${serial % 4}` },
      },
      0,
    ),
    event(
      'OrderLinesAdded',
      {
        lines: lineNos.map((lineNo) => ({
          lineNo,
          sku: `SKU-${(serial * 7 + lineNo) % 200}`,
          description: 'Hex bolt M8 x 40, zinc plated',
          qty: qty(of(lineNo)),
          requestedDate: dateAt(placed + 9),
          unitPrice: { amount: '12.50', currency: 'EUR' },
          orderedAt: at(placed),
        })),
      },
      0,
    ),
    event('OrderSubmitted', { lineCount: 3 }, 0),
    event('OrderAccepted', {}, 0.1),
    event(
      'PromiseCommitted',
      {
        lines: lineNos.map((lineNo) => ({
          lineNo,
          scheduleLines: [
            {
              scheduleId: `${lineNo}.1`,
              qty: qty(of(lineNo)),
              promise: { deliverOn: dateAt(placed + 10), zone, shipOn: dateAt(placed + 7) },
            },
          ],
        })),
      },
      0.2,
    ),
    event('LinesShipped', { shipmentId: `S${serial}a`, carrier: 'DHL', mode: 'Road', lines: parts([1, 2]) }, 6),
    event('LinesShipped', { shipmentId: `S${serial}b`, carrier: 'DHL', mode: 'Air', lines: parts([3]) }, 7),
    event('LinesDelivered', { shipmentId: `S${serial}a`, lines: parts([1, 2]) }, 8),
    event('LinesDelivered', { shipmentId: `S${serial}b`, lines: parts([3]) }, 9 + late),
    serial % 11 === 0
      ? event('DeliveryErrorRecorded', { errorId: 'E1', kind: 'damage', lineNo: 2 }, 11)
      : event('OrderClosed', {}, 14),
  ];
  return { stream: `order-${orderId}`, events };
}

/** Typical orders with their events interleaved, `window` orders open at a time. */
export function* interleaved(
  first: number,
  count: number,
  window = 100,
): Generator<{ stream: string; event: NewEvent }> {
  for (let from = first; from < first + count; from += window) {
    const orders = Array.from({ length: Math.min(window, first + count - from) }, (_, i) => typicalOrder(from + i));
    for (let step = 0; step < 10; step += 1) {
      for (const { stream, events } of orders) {
        const event = events[step];
        if (event) yield { stream, event };
      }
    }
  }
}
