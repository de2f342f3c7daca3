import { orderAggregate } from '../../src/commands/order/aggregate.ts';
import type { OrderCommand } from '../../src/commands/order/commands.ts';
import type { OrderState } from '../../src/commands/order/state.ts';
import type { OrderFact } from '../../src/events/catalog/index.ts';
import type { NewEvent } from '../../src/events/envelope.ts';
import { uuidv5 } from '../../src/values/ids.ts';
import { rawEvent } from './memory-log.ts';
import { commandOf, type Life, placement } from './order-commands.ts';

const space = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
const { decide, evolve, initial } = orderAggregate;

/** The events of an order that lived through random commands, each an hour after the last; refused ones leave none. */
export function eventsOfLife(life: Life, serial: number): { stream: string; events: NewEvent[] } {
  const orderId = uuidv5(space, `order ${serial}`);
  const events: NewEvent[] = [];
  let state: OrderState = initial;
  const give = (command: OrderCommand, hour: number): void => {
    const now = new Date(Date.UTC(2026, 2, 1, hour)).toISOString();
    const decision = decide(state, command, { now, occurredAt: now, commandId: uuidv5(space, `${serial} ${hour}`) });
    if (!decision.ok) return;
    for (const fact of decision.facts as readonly OrderFact[]) {
      state = evolve(state, fact, { occurredAt: now, recordedAt: now });
      events.push(rawEvent({ ...fact, occurredAt: now }));
    }
  };
  const place = placement(life);
  if (place.kind !== 'place') throw new Error('a life begins with a placement');
  give({ ...place, placement: { ...place.placement, orderId, orderNo: `T-${serial}` } }, 0);
  for (const [at, intent] of life.intents.entries()) give(commandOf(state, intent), at + 1);
  return { stream: `order-${orderId}`, events };
}
