import type { Row, SqlType, Table } from '../projection.ts';
import { isCounted, type LineFacts, type OrderFacts, type ScheduleFacts } from './facts.ts';
import { bases, isAwaited, isWanted, type LineOutcome, type Outcome, outcomeOf } from './outcome.ts';

/** One fact row per order, line and schedule line: when it was due by each basis, what was missed, and when it was done. */

const outcomeColumns: Readonly<Record<string, SqlType>> = {
  ...Object.fromEntries(bases.map((basis) => [`${basis}_on`, 'date' as const])),
  ...Object.fromEntries(bases.map((basis) => [`${basis}_missed`, 'date' as const])),
  completed_at: 'timestamptz',
  completed_on: 'date',
  shipped_on: 'date',
  in_full: 'boolean',
};

function outcomeRow({ target, missed, completedAt, completedOn, shippedOn, inFull }: Outcome): Row {
  return {
    request_on: target.request ?? undefined,
    first_promise_on: target.first_promise ?? undefined,
    commit_on: target.commit ?? undefined,
    last_promise_on: target.last_promise ?? undefined,
    ship_on: target.ship ?? undefined,
    request_missed: missed.request ?? undefined,
    first_promise_missed: missed.first_promise ?? undefined,
    commit_missed: missed.commit ?? undefined,
    last_promise_missed: missed.last_promise ?? undefined,
    ship_missed: missed.ship ?? undefined,
    completed_at: completedAt ?? undefined,
    completed_on: completedOn ?? undefined,
    shipped_on: shippedOn ?? undefined,
    in_full: inFull ?? undefined,
  };
}

function least(instants: readonly (string | undefined)[]): string | undefined {
  let found: string | undefined;
  for (const instant of instants)
    if (instant !== undefined && (found === undefined || instant < found)) found = instant;
  return found;
}

/** Errors that count against the line: its own, and those of the whole order. */
export const errorsOf = (order: OrderFacts, line: LineFacts): number =>
  (line.deliveryErrors ?? 0) + order.deliveryErrors;

function orderRow(order: OrderFacts): Row {
  const outcome = outcomeOf(order);
  return {
    order_id: order.orderId,
    order_no: order.orderNo,
    customer_id: order.customerId,
    country: order.country,
    channel: order.channel,
    currency: order.currency,
    incoterm: order.incoterm,
    dimensions: order.dimensions,
    lines: order.lines.length,
    counted: isCounted(order) && order.lines.some(isWanted),
    ending: order.ending,
    quoted_at: least(order.lines.map((line) => line.quotedAt)),
    ordered_at: least(order.lines.map((line) => line.orderedAt)),
    submitted_at: order.submittedAt,
    accepted_at: order.acceptedAt,
    first_shipped_at: least(order.lines.map((line) => line.firstShippedAt)),
    ended_at: order.endedAt,
    delivery_errors: order.lines.reduce((sum, line) => sum + (line.deliveryErrors ?? 0), order.deliveryErrors),
    ...outcomeRow(outcome),
    facts: JSON.stringify(order),
  };
}

function lineRow(order: OrderFacts, line: LineFacts, outcome: LineOutcome): Row {
  return {
    order_id: order.orderId,
    line_no: line.lineNo,
    sku: line.sku,
    dimensions: line.dimensions,
    mode: line.mode,
    shipment_id: line.shipmentId,
    counted: isCounted(order) && isWanted(line),
    ordered: line.ordered,
    cancelled_by_customer: line.cancelledByCustomer ?? '0',
    cancelled_by_supplier: line.cancelledBySupplier ?? '0',
    shipped: line.shipped,
    delivered: line.delivered,
    quoted_at: line.quotedAt,
    ordered_at: line.orderedAt,
    first_shipped_at: line.firstShippedAt,
    delivery_errors: errorsOf(order, line),
    ...outcomeRow(outcome),
  };
}

function scheduleRow(order: OrderFacts, line: LineFacts, s: ScheduleFacts, outcome: Outcome): Row {
  return {
    order_id: order.orderId,
    line_no: line.lineNo,
    schedule_id: s.scheduleId,
    mode: s.mode,
    shipment_id: s.shipmentId,
    counted: isCounted(order) && isAwaited(s),
    qty: s.qty,
    shipped: s.shipped,
    delivered: s.delivered,
    delivery_errors: errorsOf(order, line),
    ...outcomeRow(outcome),
  };
}

/** Something about the whole order changed that every row of it shows. */
const changedForAll = (after: OrderFacts, before: OrderFacts | undefined): boolean =>
  isCounted(after) !== (before === undefined || isCounted(before)) ||
  after.deliveryErrors !== (before?.deliveryErrors ?? 0);

function lineRows(after: OrderFacts, before: OrderFacts | undefined): Row[] {
  const outcomes = outcomeOf(after).lines;
  const all = changedForAll(after, before);
  const rows: Row[] = [];
  after.lines.forEach((line, at) => {
    const outcome = outcomes[at];
    if (outcome && (all || line !== before?.lines[at])) rows.push(lineRow(after, line, outcome));
  });
  return rows;
}

function scheduleRows(after: OrderFacts, before: OrderFacts | undefined): Row[] {
  const outcomes = outcomeOf(after).lines;
  const outcomesBefore = before && outcomeOf(before).lines;
  const all = changedForAll(after, before);
  const rows: Row[] = [];
  after.lines.forEach((line, at) => {
    const was = before?.lines[at];
    if (line === was && !all) return;
    const wholeLine =
      all ||
      line.requestedOn !== was?.requestedOn ||
      line.deliveryErrors !== was?.deliveryErrors ||
      outcomes[at]?.completedOn !== outcomesBefore?.[at]?.completedOn;
    line.schedule.forEach((s, index) => {
      const outcome = outcomes[at]?.schedule[index];
      if (outcome && (wholeLine || s !== was?.schedule[index])) rows.push(scheduleRow(after, line, s, outcome));
    });
  });
  return rows;
}

export const kpiTables: readonly Table<OrderFacts>[] = [
  {
    name: 'kpi_orders',
    columns: {
      order_id: 'text',
      order_no: 'text',
      customer_id: 'text',
      country: 'text',
      channel: 'text',
      currency: 'text',
      incoterm: 'text',
      dimensions: 'jsonb',
      lines: 'integer',
      counted: 'boolean',
      ending: 'text',
      quoted_at: 'timestamptz',
      ordered_at: 'timestamptz',
      submitted_at: 'timestamptz',
      accepted_at: 'timestamptz',
      first_shipped_at: 'timestamptz',
      ended_at: 'timestamptz',
      delivery_errors: 'integer',
      ...outcomeColumns,
      // The folded order that all these rows are made of.
      facts: 'document',
    },
    key: ['order_id'],
    rows: (after, before) => (after === before ? [] : [orderRow(after)]),
  },
  {
    name: 'kpi_lines',
    columns: {
      order_id: 'text',
      line_no: 'integer',
      sku: 'text',
      dimensions: 'jsonb',
      mode: 'text',
      shipment_id: 'text',
      counted: 'boolean',
      ordered: 'numeric',
      cancelled_by_customer: 'numeric',
      cancelled_by_supplier: 'numeric',
      shipped: 'numeric',
      delivered: 'numeric',
      quoted_at: 'timestamptz',
      ordered_at: 'timestamptz',
      first_shipped_at: 'timestamptz',
      delivery_errors: 'integer',
      ...outcomeColumns,
    },
    key: ['order_id', 'line_no'],
    rows: lineRows,
  },
  {
    name: 'kpi_schedule_lines',
    columns: {
      order_id: 'text',
      line_no: 'integer',
      schedule_id: 'text',
      mode: 'text',
      shipment_id: 'text',
      counted: 'boolean',
      qty: 'numeric',
      shipped: 'numeric',
      delivered: 'numeric',
      delivery_errors: 'integer',
      ...outcomeColumns,
    },
    key: ['order_id', 'schedule_id'],
    rows: scheduleRows,
  },
];
