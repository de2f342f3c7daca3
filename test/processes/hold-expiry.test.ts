import { describe, test } from 'vitest';
import { holdExpiry } from '../../src/processes/hold-expiry.ts';
import { given } from '../support/process.ts';

const stream = 'order-o1';
const placed = (holdId: string, expiresAt?: string) =>
  ({
    stream,
    fact: {
      type: 'HoldPlaced',
      data: { orderNo: 'SO-1', holdId, holdType: 'manual', ...(expiresAt && { expiresAt }) },
    },
  }) as const;
const released = (holdId: string, commandId?: string) =>
  ({
    stream,
    fact: { type: 'HoldReleased', data: { orderNo: 'SO-1', holdId } },
    ...(commandId && { commandId }),
  }) as const;
const release = (holdId: string, notBefore: string) => ({
  name: `release ${holdId}`,
  command: { family: 'order', id: 'o1', command: { kind: 'release-hold', body: { holdId } } },
  notBefore,
});

const noon = '2026-03-05T12:00:00.000Z';

describe('the expiry of holds', () => {
  test('a hold with an end is released then', () =>
    given(holdExpiry, placed('H1', noon)).thenToDo(release('H1', noon)));

  test('a hold without one stays', () => given(holdExpiry, placed('H1')).thenToDo());

  test('each of several holds at its own time', () =>
    given(holdExpiry, placed('H1', noon), placed('H2'), placed('H3', '2026-03-06T12:00:00.000Z')).thenToDo(
      release('H1', noon),
      release('H3', '2026-03-06T12:00:00.000Z'),
    ));

  test('nothing is left to do when somebody was first', () =>
    given(holdExpiry, placed('H1', noon), released('H1')).thenToDo());
});
