import { createHash } from 'node:crypto';
import { orderIdOf } from '../../commands/order/place.ts';
import { canonicalJson } from '../../values/canonical-json.ts';
import { formatOrderNumber, uuidv5 } from '../../values/ids.ts';
import { isOrderNumber } from '../cells/typed.ts';
import type { PlannedCommand } from './planned-command.ts';

/** All ids of imported history derive from what the history says, so that reading it again finds it again. */
const namespace = '5b2a7c1e-93d0-5f0e-8a44-2f1f6d1c0b7a';

export const customerCommandId = (importName: string, customerId: string): string =>
  uuidv5(namespace, canonicalJson([importName, 'customer', customerId]));

/** An order is the same order in every file of the import, whatever it says: its key alone is its identity. */
const placementId = (importName: string, orderKey: string): string =>
  uuidv5(namespace, canonicalJson([importName, 'order', orderKey]));

export const importedOrderId = (importName: string, orderKey: string): string =>
  orderIdOf(placementId(importName, orderKey));

/** One id per command, in order. Other facts are the same if they say the same; the same twice in one order is two facts. */
export function commandIdsOf(importName: string, orderKey: string, commands: readonly PlannedCommand[]): string[] {
  const seen = new Map<string, number>();
  return commands.map(({ kind, body, occurredAt }) => {
    if (kind === 'place') return placementId(importName, orderKey);
    const fact = canonicalJson([importName, orderKey, kind, body, occurredAt]);
    const before = seen.get(fact) ?? 0;
    seen.set(fact, before + 1);
    return uuidv5(namespace, before === 0 ? fact : `${fact} ${before}`);
  });
}

/** An imported order keeps the key that people know it by as its number, unless that is too long or not a line of text. */
export const numberOf = (key: string): string => (isOrderNumber(key) ? key : derivedNumber(key));

/** A UUID or a key of several columns is no number for people: the order gets one that always follows from its key. */
function derivedNumber(key: string): string {
  const digest = createHash('sha256').update(key, 'utf8').digest('hex');
  return formatOrderNumber((BigInt(`0x${digest}`) % 10n ** 14n) + 1n, 'IM');
}
