import { bindCell, type CellContext, type CellProblem, type Wrong } from '../cells/cell.ts';
import type { JoinedRow } from '../cells/columns.ts';
import { type DateReaders, dateReaders, type MilestoneMoment, type ShipToZone } from '../cells/dates.ts';
import { isZone } from '../cells/moment.ts';
import { kinds, type Read, type TypedReaders, typedReaders } from '../cells/typed.ts';
import type { Mapping } from '../mapping/schema.ts';
import {
  deliveryErrorReader,
  promiseReader,
  type RowDeliveryError,
  type RowPromise,
  statusReader,
} from './row-facts.ts';

export type Milestones = { readonly [Name in keyof NonNullable<Mapping['milestones']>]-?: MilestoneMoment | null };
export type StatusWord = NonNullable<Mapping['status']>['means'][string];

/** What one row says. Everything in it was checked; null is what the row does not tell. */
export interface HistoryRow {
  readonly file: string;
  readonly line: number;
  readonly orderKey: string;
  readonly order: Fields<
    'number' | 'customerPo' | 'zone' | 'country' | 'site' | 'channel' | 'incoterm' | 'paymentTerms'
  > & {
    readonly currency: string;
    readonly dimensions: Readonly<Record<string, string>>;
  };
  readonly customer: Fields<'name' | 'zone' | 'country' | 'group'> & { readonly id: string };
  readonly orderLine: Fields<'key' | 'description' | 'price' | 'requestedOn'> & {
    readonly number: number | null;
    readonly sku: string;
    readonly quantity: string;
    readonly unit: string;
    readonly dimensions: Readonly<Record<string, string>>;
  };
  readonly milestones: Milestones;
  readonly status: StatusWord | null;
  readonly promises: readonly RowPromise[];
  readonly shipment: Fields<'key' | 'carrier' | 'tracking' | 'mode' | 'shippedQuantity' | 'deliveredQuantity'>;
  readonly cancelledBy: 'customer' | 'supplier';
  readonly deliveryErrors: readonly RowDeliveryError[];
}

type Fields<Names extends string> = Readonly<Record<Names, string | null>>;

/** A row, or everything that is wrong with it. The key is null when the row does not even tell its order. */
export type RowReading =
  | { readonly ok: true; readonly row: HistoryRow }
  | { readonly ok: false; readonly orderKey: string | null; readonly problems: readonly CellProblem[] };

export interface RowReader {
  orderKey(row: JoinedRow): string | null;
  read(row: JoinedRow): RowReading;
}

/** Binds a mapping to the columns of the files. Missing columns are noted in `context.columns.problems`. */
export function rowReader(mapping: Mapping, context: CellContext): RowReader {
  const numbers = { decimal: mapping.numbers?.decimal ?? '.', thousands: mapping.numbers?.thousands ?? '' };
  const typed = typedReaders(context, numbers);
  const dates = dateReaders(context, mapping.dates, shipToZone(mapping, context));
  const key = typed.key(mapping.order.key, '/order/key');
  const quantityNeeded = mapping.shipment?.missingQuantity === 'reject';
  const readFacts = fields({
    order: orderReader(mapping, typed),
    customer: customerReader(mapping, typed),
    orderLine: lineReader(mapping, typed, dates),
    milestones: milestonesReader(mapping, dates),
    status: statusReader(mapping, context),
    promises: promiseReader(mapping, typed, dates),
    shipment: shipmentReader(mapping, typed),
    cancelledBy: cancelledByReader(mapping, typed),
    deliveryErrors: deliveryErrorReader(mapping, typed, dates),
  });
  const read = (row: JoinedRow): RowReading => {
    const problems: CellProblem[] = [];
    const wrong: Wrong = (problem) => void problems.push(problem);
    const known = key.read(row);
    if (known === null)
      wrong({ code: 'value-missing', column: key.columns, reason: 'the key of the order has no value' });
    const facts = readFacts(row, wrong);
    checkTimes(facts, wrong);
    if (quantityNeeded) checkQuantity(facts, wrong);
    return problems.length === 0 && known !== null
      ? { ok: true, row: { file: row.file, line: row.line, orderKey: known, ...facts } }
      : { ok: false, orderKey: known, problems };
  };
  return { orderKey: key.read, read };
}

/** A zone that does not exist is noted where the zone itself is read. */
function shipToZone({ order, customer }: Mapping, context: CellContext): ShipToZone {
  const cells = [
    ...(order.zone === undefined ? [] : [bindCell(context, order.zone, '/order/zone')]),
    ...(customer.zone === undefined ? [] : [bindCell(context, customer.zone, '/customer/zone')]),
  ];
  const exists = new Map<string, boolean>();
  const isKnown = (zone: string): boolean => {
    const known = exists.get(zone) ?? isZone(zone);
    exists.set(zone, known);
    return known;
  };
  return (row) => {
    const zone = cells.map((cell) => cell.read(row)).find((text) => text !== null);
    return zone && isKnown(zone) ? zone : undefined;
  };
}

/** The log knows no delivery before its shipment; such a row is wrong in one of its dates. */
function checkTimes({ milestones: { shipped, delivered } }: { readonly milestones: Milestones }, wrong: Wrong): void {
  if (!shipped || !delivered || delivered.date >= shipped.date) return;
  const reason = `delivered on ${delivered.date}, before it was shipped on ${shipped.date}`;
  wrong({ code: 'delivered-before-shipped', column: delivered.column, reason });
}

function checkQuantity(
  { milestones, status, shipment }: Pick<HistoryRow, 'milestones' | 'status' | 'shipment'>,
  wrong: Wrong,
): void {
  const delivered = milestones.delivered !== null || status === 'delivered' || status === 'closed';
  if (!delivered || shipment.deliveredQuantity !== null) return;
  const column = milestones.delivered?.column ?? '';
  wrong({ code: 'quantity-missing', column, reason: 'delivered, but the delivered quantity has no value' });
}

type ReadPart<Part extends keyof HistoryRow> = (row: JoinedRow, wrong: Wrong) => HistoryRow[Part];

/** Reads every field of a part; all problems of a row are noted, not only the first. */
function fields<Readers extends Record<string, (row: JoinedRow, wrong: Wrong) => unknown>>(readers: Readers) {
  type Part = { readonly [Name in keyof Readers]: ReturnType<Readers[Name]> };
  const entries = Object.entries(readers);
  return (row: JoinedRow, wrong: Wrong): Part =>
    Object.fromEntries(entries.map(([name, read]) => [name, read(row, wrong)])) as Part;
}

const orderReader = ({ order }: Mapping, { optional, required }: TypedReaders): ReadPart<'order'> =>
  fields({
    number: optional(kinds.orderNumber, order.number, '/order/number'),
    customerPo: optional(kinds.code, order.customerPo, '/order/customerPo'),
    currency: required(kinds.currency, order.currency, '/order/currency'),
    zone: optional(kinds.zone, order.zone, '/order/zone'),
    country: optional(kinds.country, order.country, '/order/country'),
    site: optional(kinds.code, order.site, '/order/site'),
    channel: optional(kinds.code, order.channel, '/order/channel'),
    incoterm: optional(kinds.code, order.incoterm, '/order/incoterm'),
    paymentTerms: optional(kinds.code, order.paymentTerms, '/order/paymentTerms'),
    dimensions: dimensionsReader(order.dimensions, optional, '/order/dimensions'),
  });

const customerReader = ({ customer }: Mapping, { optional, required }: TypedReaders): ReadPart<'customer'> =>
  fields({
    id: required(kinds.code, customer.id, '/customer/id'),
    name: optional(kinds.text, customer.name, '/customer/name'),
    zone: optional(kinds.zone, customer.zone, '/customer/zone'),
    country: optional(kinds.country, customer.country, '/customer/country'),
    group: optional(kinds.code, customer.group, '/customer/group'),
  });

function lineReader({ line }: Mapping, typed: TypedReaders, dates: DateReaders): ReadPart<'orderLine'> {
  const unit = typed.optional(kinds.unit, line.unit, '/line/unit');
  const requestedOn = dates.date(line.requestedOn, '/line/requestedOn');
  return fields({
    key: typed.key(line.key, '/line/key').read,
    number: typed.lineNumber(line.number, '/line/number'),
    sku: typed.required(kinds.code, line.sku, '/line/sku'),
    description: typed.optional(kinds.text, line.description, '/line/description'),
    quantity: typed.positive(line.quantity, '/line/quantity'),
    unit: (row, wrong) => unit(row, wrong) ?? 'C62',
    price: typed.decimal(line.price, '/line/price'),
    requestedOn: (row, wrong) => requestedOn(row, wrong)?.date ?? null,
    dimensions: dimensionsReader(line.dimensions, typed.optional, '/line/dimensions'),
  });
}

function dimensionsReader(
  dimensions: Mapping['order']['dimensions'],
  optional: TypedReaders['optional'],
  pointer: string,
): (row: JoinedRow, wrong: Wrong) => Record<string, string> {
  const readers = Object.entries(dimensions ?? {}).map(([name, cell]): [string, Read<string>] => [
    name,
    optional(kinds.dimension, cell, `${pointer}/${name}`),
  ]);
  return (row, wrong) => {
    const known = readers.map(([name, read]) => [name, read(row, wrong)] as const);
    return Object.fromEntries(known.filter((entry): entry is readonly [string, string] => entry[1] !== null));
  };
}

function milestonesReader({ milestones = {} }: Mapping, dates: DateReaders): ReadPart<'milestones'> {
  const reader = (name: keyof Milestones) => dates.milestone(milestones[name], `/milestones/${name}`);
  return fields({
    quoted: reader('quoted'),
    ordered: reader('ordered'),
    accepted: reader('accepted'),
    shipped: reader('shipped'),
    delivered: reader('delivered'),
    cancelled: reader('cancelled'),
    closed: reader('closed'),
  });
}

const shipmentReader = ({ shipment = {} }: Mapping, typed: TypedReaders): ReadPart<'shipment'> =>
  fields({
    key: typed.key(shipment.key, '/shipment/key').read,
    carrier: typed.optional(kinds.code, shipment.carrier, '/shipment/carrier'),
    tracking: typed.optional(kinds.code, shipment.tracking, '/shipment/tracking'),
    mode: typed.optional(kinds.code, shipment.mode, '/shipment/mode'),
    shippedQuantity: typed.notNegative(shipment.shippedQuantity, '/shipment/shippedQuantity'),
    deliveredQuantity: typed.notNegative(shipment.deliveredQuantity, '/shipment/deliveredQuantity'),
  });

function cancelledByReader({ cancelledBy = 'customer' }: Mapping, { optional }: TypedReaders): ReadPart<'cancelledBy'> {
  if (typeof cancelledBy === 'string') return () => cancelledBy;
  const read = optional(kinds.initiator, cancelledBy, '/cancelledBy');
  return (row, wrong) => (read(row, wrong) === 'supplier' ? 'supplier' : 'customer');
}
