import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  headroom,
  isFinished,
  isFullyShipped,
  type LedgerMove,
  type LineLedger,
  open,
  openLedger,
  post,
  toShip,
  underWay,
  unpromised,
} from '../../../src/commands/order/ledger.ts';
import { add, compare, isNegative, max, min, multiply, subtract } from '../../../src/values/decimal.ts';

const runs = process.env.ORDERFOLD_SOAK ? 20_000 : 500;
const atMost = (a: string, b: string): void => {
  if (compare(a, b) > 0) throw new Error(`${a} is more than ${b}`);
};

const moves = [
  'cancel',
  'substitute',
  'promise',
  'unpromise',
  'allocate',
  'release',
  'pick',
  'pack',
  'ship',
  'deliver',
  'invoice',
  'credit',
  'authoriseReturn',
  'receiveReturn',
  'acceptReturn',
] as const satisfies readonly LedgerMove[];

/** Makes a move the way decisions do: never more than there is room for, promises first to ship and last to cancel. */
function moved(l: LineLedger, move: (typeof moves)[number], qty: string): LineLedger {
  const promisedOpen = headroom(l, 'unpromise', none);
  if (move === 'ship') return post.ship(l, qty, subtract(qty, min(qty, promisedOpen)));
  if (move === 'cancel' || move === 'substitute') return post[move](l, qty, subtract(qty, min(qty, unpromised(l))));
  return post[move](l, qty);
}

const none = { under: '0', over: '0' };

function checkInvariants(l: LineLedger, over: string): void {
  for (const [bucket, qty] of Object.entries(l)) if (isNegative(qty)) throw new Error(`${bucket} is ${qty}`);
  atMost(l.promised, open(l));
  atMost(l.allocated, add(l.promised, l.shippedUnpromised));
  const chain = [l.allocated, l.released, l.picked, l.packed, l.shipped, l.delivered];
  for (const [i, qty] of chain.slice(1).entries()) atMost(qty, chain[i] ?? '0');
  atMost(l.shippedUnpromised, l.shipped);
  atMost(l.invoiced, l.shipped);
  atMost(l.credited, l.invoiced);
  atMost(l.returnAuthorised, l.shipped);
  atMost(l.returned, l.returnAuthorised);
  atMost(l.returnAccepted, l.returned);
  atMost(l.substituted, l.cancelled);
  atMost(l.shipped, multiply(l.ordered, add('1', over)));
  atMost(l.shipped, multiply(open(l), add('1', over)));
  if (over === '0') atMost(l.cancelled, subtract(l.ordered, l.shipped));
}

describe('the quantity ledger of a line', () => {
  test('keeps its invariants whatever happens, as long as moves stay within their headroom', () => {
    const step = fc.tuple(fc.constantFrom(...moves), fc.integer({ min: 1, max: 8 }));
    const over = fc.constantFrom('0', '0.1', '0.25');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), over, fc.array(step, { maxLength: 40 }), (ordered, over, steps) => {
        let l = openLedger(String(ordered));
        for (const [move, eighths] of steps) {
          const room = headroom(l, move, { under: '0', over });
          if (isNegative(room)) throw new Error(`room to ${move} is ${room}`);
          l = moved(l, move, multiply(room, String(eighths / 8)));
          checkInvariants(l, over);
        }
      }),
      { numRuns: runs },
    );
  });

  test('a larger order only ever makes room', () => {
    let l = moved(openLedger('10'), 'ship', '10');
    expect(toShip(l)).toBe('0');
    l = post.order(l, '5');
    expect([toShip(l), unpromised(l), open(l)]).toEqual(['5', '5', '15']);
  });

  test('goods that leave take allocation, picking and packing with them', () => {
    const l = moved(moved(openLedger('10'), 'promise', '6'), 'ship', '7');
    expect(l).toMatchObject({ allocated: '7', packed: '7', shipped: '7', shippedUnpromised: '1', promised: '6' });
    expect([toShip(l), unpromised(l), underWay(l)]).toEqual(['3', '3', '7']);
  });

  test('a promise that is released takes its allocation with it', () => {
    let l = moved(moved(openLedger('10'), 'promise', '10'), 'allocate', '10');
    l = post.release(l, '10');
    l = moved(l, 'cancel', '4');
    expect(l).toMatchObject({ promised: '6', allocated: '6', released: '6', cancelled: '4' });
  });

  test('over-delivery is limited by what is still ordered, not by what was ordered once', () => {
    const l = moved(openLedger('10'), 'cancel', '5');
    expect(headroom(l, 'ship', { under: '0', over: '0.1' })).toBe('5.5');
  });

  test('finished and fully shipped, within the under-delivery tolerance of the ordered quantity', () => {
    const shipped = moved(openLedger('100'), 'ship', '96');
    expect(isFullyShipped(shipped, { under: '0.04' })).toBe(true);
    expect(isFullyShipped(shipped, { under: '0.03' })).toBe(false);
    expect(isFinished(shipped, { under: '0.04' })).toBe(false);
    expect(isFinished(post.deliver(shipped, '96'), { under: '0.04' })).toBe(true);
    expect(isFinished(post.deliver(shipped, '95'), { under: '0.04' })).toBe(false);
  });

  test('fractions are exact', () => {
    const l = moved(moved(openLedger('0.3'), 'ship', '0.1'), 'ship', '0.2');
    expect([l.shipped, toShip(l)]).toEqual(['0.3', '0']);
    expect(max(l.shipped, '0.30')).toBe('0.3');
  });
});
