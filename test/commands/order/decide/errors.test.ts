import { describe, test } from 'vitest';
import { uuidv5 } from '../../../../src/values/ids.ts';
import { accepted, command, fact, given, line, pieces, shipped } from '../../../support/orders.ts';
import { context } from '../../../support/spec.ts';

const facts = [...accepted([line(1, 10), line(2, 1)]), shipped('S', 1, 6)];

describe('record-delivery-error', () => {
  test('records it, also after closing', () => {
    given(...facts)
      .when(command('record-delivery-error', { kind: 'documents' }))
      .thenHappened(
        fact('DeliveryErrorRecorded', { errorId: uuidv5(context.commandId, 'delivery-error'), kind: 'documents' }),
      );
    const whole = { errorId: 'E', kind: 'damage', lineNo: 1, shipmentId: 'S', note: 'wet' } as const;
    given(...facts, fact('OrderClosed', {}))
      .when(command('record-delivery-error', { ...whole, qty: pieces('2.0') }))
      .thenHappened(fact('DeliveryErrorRecorded', { ...whole, qty: pieces(2) }));
  });

  test('refuses what cannot be', () => {
    const report = (body: object) => command('record-delivery-error', { kind: 'damage', ...body });
    given(...accepted([line(1, 1)]))
      .when(report({}))
      .thenRefused('nothing-shipped');
    const base = given(...facts);
    base.when(report({ lineNo: 9 })).thenRefused('line-unknown', '/lineNo');
    base.when(report({ shipmentId: 'X' })).thenRefused('shipment-unknown', '/shipmentId');
    base.when(report({ shipmentId: 'S', lineNo: 2 })).thenRefused('line-not-in-shipment', '/lineNo');
    base.when(report({ qty: pieces(1) })).thenRefused('line-required', '/lineNo');
    base.when(report({ lineNo: 1, qty: pieces(7) })).thenRefused('quantity-exceeds-shipped', '/qty');
    base.when(report({ lineNo: 1, qty: pieces(0) })).thenRefused('quantity-not-positive', '/qty');
    base.when(report({ lineNo: 1, qty: { value: '1', uom: 'KGM' } })).thenRefused('unit-mismatch', '/qty');
    const known = (errorId: string) => fact('DeliveryErrorRecorded', { errorId, kind: 'damage' });
    given(...facts, known('E'))
      .when(report({ errorId: 'E' }))
      .thenRefused('delivery-error-exists', '/errorId');
    const many = Array.from({ length: 1000 }, (_, i) => known(`E${i}`));
    given(...facts, ...many)
      .when(report({}))
      .thenRefused('too-many-delivery-errors');
  });
});
