import { epochOf, type Instant, instantOf, localDateOf } from '../values/dates.ts';
import { formatOrderNumber } from '../values/ids.ts';
import { contactIdIn } from './contacts.ts';
import { customers } from './factory.ts';
import { orderLife } from './order-life.ts';
import { seededRandom } from './random.ts';
import type { OrderScript } from './script.ts';
import { duringTheDay, workday } from './working-days.ts';

export interface Scenario {
  readonly seed: string;
  readonly orders: number;
  /** Where the simulated clock ends; what would happen later does not happen. */
  readonly until: Instant;
  /** How long it runs; by default so long that there are about 80 orders a week. */
  readonly weeks?: number;
  /** The number of the first order; 1001 if left out. */
  readonly firstNumber?: number;
  /** Orders name the contact of their customer (registerContacts). */
  readonly contacts?: boolean;
}

const weekMs = 7 * 86_400_000;
const usualFirstNumber = 1001;

export const orderNumberOf = (index: number, { firstNumber = usualFirstNumber }: Scenario): string =>
  formatOrderNumber(firstNumber + index);

/** The orders of the scenario, one after the other; each depends on the seed and its own number only. */
export function* scenario(options: Scenario): Generator<OrderScript> {
  for (let index = 0; index < options.orders; index += 1) yield orderScript(options, index);
}

function orderScript(options: Scenario, index: number): OrderScript {
  const { seed, orders, until } = options;
  const random = seededRandom(`${seed}/${index}`);
  const picked = random.pick(customers);
  const customer = options.contacts ? { ...picked, contactId: contactIdIn(picked.customerId) } : picked;
  const span = (options.weeks ?? Math.max(4, Math.ceil(orders / 80))) * weekMs;
  const moment = instantOf(epochOf(until) - span * (1 - (index + random.next()) / orders));
  const day = workday(localDateOf(moment, customer.zone), 0);
  const planned = duringTheDay(day, customer.zone, random);
  const placedAt = planned <= until ? planned : moment;
  const commands = orderLife(random, customer, placedAt).filter(({ at }) => at <= until);
  return { key: `${seed}/${index}`, orderNo: orderNumberOf(index, options), customer, commands };
}
