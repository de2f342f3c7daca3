import { customerRegister } from './customers.ts';
import type { OrderRows } from './history/grouping.ts';
import { customerCommandId, numberOf } from './history/identity.ts';
import { first, orderOf } from './history/order.ts';
import { plan } from './history/plan.ts';
import type { Mapping } from './mapping/schema.ts';
import type { Reject } from './rejects.ts';
import type { Tally } from './summary.ts';
import { metaOf, type Telling, tellOrder } from './tell-order.ts';

export interface OrderTelling extends Telling {
  readonly mapping: Mapping;
  readonly totals: Tally;
}

/** Puts the rows of an order together, registers its customer, tells its history, and counts what came of it. */
export function orderTeller(telling: OrderTelling): (order: OrderRows) => Promise<void> {
  const { mapping, handler, sha256, totals } = telling;
  const customerFor = customerRegister(handler, mapping);

  async function tell({ key, rows }: OrderRows): Promise<Reject | undefined> {
    const order = orderOf(key, rows, mapping);
    for (const warning of order.warnings) totals.warn(warning);
    const [row] = rows;
    const { placedAt } = order;
    const reject = (code: string, reason: string): Reject => ({ file: row.file, line: row.line, code, reason });
    if (placedAt === undefined) return reject('no-date', `order ${key} has no date at all`);
    const orderNo = first(rows, ({ order }) => order.number) ?? numberOf(key);

    const meta = metaOf({ occurredAt: placedAt, row }, customerCommandId(mapping.name, row.customer.id), sha256);
    const registration = await customerFor(row, meta);
    if (!registration.ok) return reject(registration.code, `customer ${row.customer.id}: ${registration.reason}`);
    totals.counts.customersAdded += registration.added;
    totals.counts.eventsAppended += registration.added;

    const placement = { orderNo, customer: registration.customer };
    const commands = plan(order, mapping, placedAt);
    const told = await tellOrder({ importName: mapping.name, key, commands, placement }, telling);
    totals.counts.eventsAppended += told.eventsAppended;
    if (!told.refused) totals.orders[told.eventsAppended > 0 ? 'added' : 'known'] += 1;
    return told.refused;
  }

  return async (order) => {
    totals.orders.read += 1;
    const refused = await tell(order);
    if (refused) totals.rejectOrder(refused);
  };
}
