import type { Static } from 'typebox';
import type { ChangeLines, PlaceOrder } from '../../commands/order/commands.ts';
import { sum } from '../../values/decimal.ts';
import type { Mapping } from '../mapping/schema.ts';
import { first, type HistoryLine, type HistoryOrder, unitOf, zoneOf } from './order.ts';
import { inThousands, type PlannedCommand, recorded, timeNotKnown } from './planned-command.ts';
import { moved, neededTolerance } from './quantities.ts';

type PlacedLine = Static<typeof PlaceOrder>['lines'][number];
type AddedLine = NonNullable<Static<typeof ChangeLines>['add']>[number];

/** Placing the order with its first 1,000 lines, and adding the others. */
export function placement(order: HistoryOrder, mapping: Mapping, placedAt: string): PlannedCommand[] {
  const { rows, lines } = order;
  const [row] = rows;
  if (!row) return [];
  const [firstLines = [], ...more] = inThousands(lines.map((line) => placedLine(line, row.order.currency)));
  const recordedAt = rows.flatMap(({ milestones }) => milestones.ordered?.recordedAt ?? []).sort()[0];
  const times = {
    occurredAt: placedAt,
    ...(order.placedIsKnown ? recorded(recordedAt) : { reason: timeNotKnown }),
    row,
  };
  const body = {
    customerId: row.customer.id,
    currency: row.order.currency,
    ...header(order, mapping),
    lines: firstLines,
  };
  return [
    { kind: 'place', body, ...times },
    ...more.map(
      (add: AddedLine[]): PlannedCommand => ({ kind: 'change-lines', body: { initiator: 'customer', add }, ...times }),
    ),
  ];
}

function header(
  order: HistoryOrder,
  mapping: Mapping,
): Omit<Static<typeof PlaceOrder>, 'customerId' | 'currency' | 'lines'> {
  const { rows, lines } = order;
  const over = lines
    .map((line) => neededTolerance(line.ordered, sum(line.rows.map((row) => moved(row).shipped))) ?? '0')
    .sort()
    .at(-1);
  const dimensions = Object.assign({}, ...rows.map((row) => row.order.dimensions).reverse());
  return {
    shipTo: {
      zone: zoneOf(order, mapping),
      ...known(
        'country',
        first(rows, (row) => row.order.country ?? row.customer.country),
      ),
      ...known(
        'site',
        first(rows, (row) => row.order.site),
      ),
    },
    ...known(
      'customerPo',
      first(rows, (row) => row.order.customerPo),
    ),
    ...known(
      'channel',
      first(rows, (row) => row.order.channel),
    ),
    ...known(
      'incoterm',
      first(rows, (row) => row.order.incoterm),
    ),
    ...known(
      'paymentTerms',
      first(rows, (row) => row.order.paymentTerms),
    ),
    ...(over === undefined || over === '0' ? {} : { tolerances: { under: '0', over } }),
    ...(Object.keys(dimensions).length === 0 ? {} : { dimensions }),
  };
}

function placedLine(line: HistoryLine, currency: string): PlacedLine {
  const { rows, lineNo, ordered } = line;
  const price = first(rows, (row) => row.orderLine.price);
  const dimensions = Object.assign({}, ...rows.map((row) => row.orderLine.dimensions).reverse());
  return {
    lineNo,
    sku: rows[0]?.orderLine.sku ?? '',
    ...known(
      'description',
      first(rows, (row) => row.orderLine.description),
    ),
    qty: { value: ordered, uom: unitOf(line) },
    ...known(
      'requestedDate',
      first(rows, (row) => row.orderLine.requestedOn),
    ),
    ...(price === undefined ? {} : { unitPrice: { amount: price, currency } }),
    ...known(
      'quotedAt',
      first(rows, (row) => row.milestones.quoted?.at ?? null),
    ),
    orderedAt: first(rows, (row) => row.milestones.ordered?.at ?? null) ?? null,
    ...(Object.keys(dimensions).length === 0 ? {} : { dimensions }),
  };
}

const known = <Name extends string>(name: Name, value: string | undefined): { readonly [Key in Name]?: string } =>
  (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: string };
