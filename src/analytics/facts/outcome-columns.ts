import { Counts, Days, Flags, Instants } from './columns.ts';

const perBasis = <Column>(create: (target: string) => Column): [Column, Column, Column, Column, Column] => [
  create('the date the customer asked for'),
  create('the first promise'),
  create('the commit date'),
  create('the last promise'),
  create('the planned departure'),
];

/** How a unit came out; the same columns for orders, lines and schedule lines. Filled by `settle`, never by the fold. */
export const outcomeColumns = () => ({
  counted: new Flags('False for what the customer cancelled and for orders that were never taken', 0),
  open: new Flags('Counted, not ended, and not completely delivered', 0),
  completedAt: new Instants('Delivery of the last missing part'),
  completedOn: new Days('Local date of that delivery, at the place of delivery'),
  shippedAt: new Instants('Departure of the last missing part'),
  shippedOn: new Days('Local date of that departure, in the zone of the place of delivery'),
  orderedOn: new Days('Local date of the order, at the place of delivery'),
  inFull: new Flags('Delivered with the quantity ordered; null while incomplete'),
  errors: new Counts('Delivery errors that count against it'),
  wrongItems: new Counts('Of them wrong items'),
  damages: new Counts('Of them damage'),
  documentErrors: new Counts('Of them wrong or missing documents'),
  target: perBasis((target) => new Days(`Target by ${target}: the latest of its parts`)),
  missed: perBasis((target) => new Days(`The earliest target that was missed or is open, by ${target}`)),
  late: perBasis((target) => new Days(`Days from ${target} until it was done: the latest of its parts`)),
});

export type OutcomeColumns = ReturnType<typeof outcomeColumns>;
