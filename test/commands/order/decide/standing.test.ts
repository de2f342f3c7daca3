import { describe, test } from 'vitest';
import type { OrderCommand } from '../../../../src/commands/order/commands.ts';
import type { RefusalCode } from '../../../../src/commands/refusals.ts';
import type { OrderFact } from '../../../../src/events/catalog/index.ts';
import {
  accepted,
  command,
  fact,
  given,
  line,
  pieces,
  place,
  started,
  submitted,
  until,
} from '../../../support/orders.ts';

const commands: readonly OrderCommand[] = [
  command('accept', {}),
  command('reject', {}),
  command('hold', { holdType: 'manual' }),
  command('release-hold', { holdId: 'H' }),
  command('change-lines', { change: [{ lineNo: 1, qty: pieces(6) }] }),
  command('cancel-line', { lineNo: 1 }),
  command('cancel', {}),
  command('promise', { commit: [{ lineNo: 1, promise: until('2026-04-01') }] }),
  command('ship', { lines: [{ lineNo: 1 }] }),
  command('deliver', { shipmentId: 'S' }),
  command('record-delivery-error', { kind: 'damage' }),
  command('close', {}),
  command('reopen', {}),
];

const lines = [line(1, 5)];
const states: Record<string, { facts: readonly OrderFact[]; allows: readonly string[]; code: RefusalCode }> = {
  'not there': { facts: [], allows: [], code: 'order-unknown' },
  draft: { facts: [started()], allows: [], code: 'order-not-submitted' },
  submitted: {
    facts: submitted(lines),
    allows: ['accept', 'reject', 'hold', 'release-hold', 'change-lines', 'cancel-line', 'cancel', 'promise'],
    code: 'order-not-accepted',
  },
  accepted: {
    facts: accepted(lines),
    allows: commands.map(({ kind }) => kind).filter((kind) => !['accept', 'reject', 'reopen'].includes(kind)),
    code: 'order-already-accepted',
  },
  closed: {
    facts: [...accepted(lines), fact('OrderClosed', {})],
    allows: ['record-delivery-error', 'reopen'],
    code: 'order-closed',
  },
  rejected: { facts: [...submitted(lines), fact('OrderRejected', {})], allows: [], code: 'order-rejected' },
  cancelled: {
    facts: [...submitted(lines), fact('OrderCancelled', { initiator: 'customer' })],
    allows: [],
    code: 'order-cancelled',
  },
};

describe.each(Object.entries(states))('an order that is %s', (name, { facts, allows, code }) => {
  const refused = commands.filter(({ kind }) => !allows.includes(kind));
  test.each(refused.map((one) => [one.kind, one] as const))('refuses %s', (kind, one) => {
    const open = name === 'submitted' || name === 'accepted';
    given(...facts)
      .when(one)
      .thenRefused(kind === 'reopen' && open ? 'order-not-closed' : code);
  });

  if (facts.length > 0)
    test('cannot be placed again', () => {
      given(...facts)
        .when(place())
        .thenRefused('order-exists');
    });
});

describe('the simple steps', () => {
  test('accept, reject, reopen', () => {
    given(...submitted(lines))
      .when(command('accept', {}))
      .thenHappened(fact('OrderAccepted', {}));
    given(...submitted(lines))
      .when(command('reject', {}))
      .thenHappened(fact('OrderRejected', {}));
    given(...accepted(lines), fact('OrderClosed', {}))
      .when(command('reopen', {}))
      .thenHappened(fact('OrderReopened', {}));
  });
});
