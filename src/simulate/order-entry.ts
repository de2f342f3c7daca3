import { addCalendarDays, type Instant, type LocalDate, localDateOf } from '../values/dates.ts';
import { type Customer, type Item, items, plantZone, rates } from './factory.ts';
import type { Random } from './random.ts';
import { actors, type TimedCommand } from './script.ts';
import { workday } from './working-days.ts';

/** A quantity of a line that was promised for one day: a schedule line. */
export interface Part {
  readonly lineNo: number;
  readonly scheduleId: string;
  readonly quantity: number;
  readonly due: LocalDate;
  readonly shipOn: LocalDate;
}

export interface EnteredLine {
  readonly lineNo: number;
  readonly item: Item;
  readonly quantity: number;
  readonly requested: LocalDate;
}

export const pieces = (quantity: number) => ({ value: String(quantity), uom: 'C62' });

/** What the customer asks for: one to six lines of different items. */
export function enteredLines(random: Random, customer: Customer, placedAt: Instant): EnteredLine[] {
  const chosen = new Set<Item>();
  const count = 1 + Math.floor(random.next() ** 1.6 * 6);
  while (chosen.size < count) chosen.add(random.pick(items));
  const today = localDateOf(placedAt, plantZone);
  return [...chosen].map((item, index) => ({
    lineNo: index + 1,
    item,
    quantity: Math.max(1, Math.round(item.usualQuantity * (0.4 + 1.4 * random.next()))),
    requested: workday(addCalendarDays(today, customer.transit), leadTime(random, item) + random.between(-1, 3)),
  }));
}

/** Working days from order to dispatch. */
const leadTime = (random: Random, { supply }: Item): number =>
  supply === 'stock' ? random.between(3, 7) : random.between(14, 38);

export function placeCommand(
  random: Random,
  customer: Customer,
  lines: readonly EnteredLine[],
  at: Instant,
): TimedCommand {
  const { customerId, currency, group, region, zone, country } = customer;
  return {
    kind: 'place',
    at,
    actor: random.chance(0.6) ? actors.customer(customerId) : actors.orderDesk,
    body: {
      customerId,
      customerPo: `PO-${random.between(100_000, 999_999)}`,
      currency,
      shipTo: { zone, country, ...(customer.contactId !== undefined && { contactId: customer.contactId }) },
      channel: random.pick(['portal', 'edi', 'mail', 'phone']),
      incoterm: region === 'EMEA' ? 'DAP' : 'FCA',
      dimensions: { region, segment: group },
      lines: lines.map(({ lineNo, item, quantity, requested }) => ({
        lineNo,
        sku: item.sku,
        description: item.description,
        qty: pieces(quantity),
        requestedDate: requested,
        unitPrice: { amount: (item.price * (rates[currency] ?? 1)).toFixed(2), currency },
        dimensions: { family: item.family, supply: item.supply },
      })),
    },
  };
}

/** One promise per line, two where a bigger quantity cannot leave at once. */
export function promisedParts(
  random: Random,
  customer: Customer,
  lines: readonly EnteredLine[],
  today: LocalDate,
): Part[] {
  return lines.flatMap(({ lineNo, item, quantity, requested }) => {
    const earliest = workday(addCalendarDays(today, customer.transit), leadTime(random, item));
    const due = earliest > requested ? earliest : requested;
    const later = quantity > 3 && random.chance(0.18) ? Math.ceil(quantity / 3) : 0;
    const first = partOf(customer, lineNo, 1, quantity - later, due);
    return later === 0 ? [first] : [first, partOf(customer, lineNo, 2, later, workday(due, random.between(4, 12)))];
  });
}

export const partOf = (
  { transit }: Customer,
  lineNo: number,
  running: number,
  quantity: number,
  due: LocalDate,
): Part => ({ lineNo, scheduleId: `${lineNo}.${running}`, quantity, due, shipOn: shipDay(due, transit) });

/** The last workday on which goods can leave to arrive by the due day. */
export const shipDay = (due: LocalDate, transit: number): LocalDate => workday(addCalendarDays(due, -transit), 0);

export const promiseOf = ({ due, shipOn }: Pick<Part, 'due' | 'shipOn'>, { zone }: Customer) => ({
  deliverOn: due,
  zone,
  shipOn,
});
