import { orderIdOf } from '../../commands/order/place.ts';
import { canonicalJson } from '../../values/digest.ts';
import { uuidv5 } from '../../values/ids.ts';
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
