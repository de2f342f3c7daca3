import { evolve } from '../../commands/order/evolve.ts';
import { noOrder, type OrderState } from '../../commands/order/state.ts';
import type { OrderFact } from '../../events/catalog/index.ts';
import { decodeEvent } from '../../events/decode.ts';
import type { Position, Recorded, Revision } from '../../events/envelope.ts';
import type { EventLog } from '../../events/log/port.ts';
import { inSlices } from '../../events/slices.ts';
import { readAll } from '../history/gather.ts';
import { eventsAt, type Moment } from '../moment.ts';

/** An order as it was. */
export interface PastOrder {
  readonly state: OrderState;
  /** Of the last event in it. */
  readonly revision: Revision;
  readonly position: Position;
  /** From which it was made. */
  readonly events: readonly Recorded[];
  /** Ids of events that are dated later than the moment, but without which what had happened by then could not have. */
  readonly presupposed: readonly string[];
}

export const orderStream = (orderId: string): string => `order-${orderId}`;

/** The order at a moment; undefined when it was not there yet. */
export async function orderAt(
  log: Pick<EventLog, 'readStream'>,
  orderId: string,
  moment: Moment,
): Promise<PastOrder | undefined> {
  return orderFrom(await readAll(log, orderStream(orderId)), moment);
}

/** The same, of the events of the order. */
export async function orderFrom(all: readonly Recorded[], moment: Moment): Promise<PastOrder | undefined> {
  const { events, presupposed } = eventsAt(all, moment);
  const last = events.at(-1);
  if (!last) return undefined;
  const state = await inSlices(folded(events));
  return { state, revision: last.revision, position: last.position, events, presupposed: [...presupposed] };
}

function* folded(events: readonly Recorded[]): Generator<void, OrderState> {
  let state = noOrder;
  for (const event of events) {
    state = evolve(state, decodeEvent(event) as OrderFact, event.metadata);
    yield;
  }
  return state;
}
