import { isPositive, subtract, sum } from '../../values/decimal.ts';
import type { Mapping } from '../mapping/schema.ts';
import type { HistoryRow } from '../rows/history-row.ts';
import { type HistoryOrder, instantsOf, isCancelled, unitOf } from './order.ts';
import { placement } from './placement.ts';
import { impliedByHistory, type PlannedCommand, recorded, timeNotKnown } from './planned-command.ts';
import { plannedPromises } from './promises.ts';
import { moved } from './quantities.ts';
import { plannedShipments } from './shipments.ts';

/** The commands of an order, in the order in which they can be decided. The order must know at least one date. */
export function plan(order: HistoryOrder, mapping: Mapping, placedAt: string): PlannedCommand[] {
  const shipments = plannedShipments(order, mapping, placedAt);
  const errors = deliveryErrors(order, placedAt);
  return [
    ...placement(order, mapping, placedAt),
    ...acceptance(order, placedAt, shipments.commands.length > 0),
    ...plannedPromises(order, mapping, placedAt),
    ...shipments.commands,
    ...errors(shipments.idOf),
    ...cancellations(order, placedAt),
    ...closing(order, placedAt),
  ];
}

function acceptance({ rows }: HistoryOrder, placedAt: string, shipped: boolean): PlannedCommand[] {
  const [first] = rows;
  if (!first) return [];
  const known = rows
    .flatMap((row) => (row.milestones.accepted ? [{ row, ...row.milestones.accepted }] : []))
    .sort((a, b) => (a.at < b.at ? -1 : 1))[0];
  if (known) return [{ kind: 'accept', body: {}, occurredAt: known.at, ...recorded(known.recordedAt), row: known.row }];
  const proven = shipped || rows.some(({ status, milestones }) => status === 'accepted' || milestones.closed !== null);
  return proven ? [{ kind: 'accept', body: {}, occurredAt: placedAt, reason: impliedByHistory, row: first }] : [];
}

/** What was ordered and did not leave is cancelled; an order of which nothing left is cancelled as a whole. */
function cancellations({ lines, rows, latestAt }: HistoryOrder, placedAt: string): PlannedCommand[] {
  const cancelled = lines.flatMap((line) => {
    const row = line.rows.find(isCancelled);
    const open = subtract(line.ordered, sum(line.rows.map((other) => moved(other).shipped)));
    return row && isPositive(open) ? [{ line, row, open }] : [];
  });
  const [first] = cancelled;
  if (!first) return [];
  const timed = (row: HistoryRow) => {
    const known = row.milestones.cancelled;
    if (known) return { occurredAt: known.at, ...recorded(known.recordedAt), row };
    return { occurredAt: latestAt ?? placedAt, reason: timeNotKnown, row };
  };
  const nothingLeft = rows.every((row) => !isPositive(moved(row).shipped));
  if (nothingLeft && cancelled.length === lines.length) {
    return [{ kind: 'cancel', body: { initiator: first.row.cancelledBy }, ...timed(first.row) }];
  }
  return cancelled.map(({ line, row, open }) => ({
    kind: 'cancel-line',
    body: { lineNo: line.lineNo, qty: { value: open, uom: unitOf(line) }, initiator: row.cancelledBy },
    ...timed(row),
  }));
}

function deliveryErrors(order: HistoryOrder, placedAt: string) {
  return (shipmentOf: (row: HistoryRow) => string | undefined): PlannedCommand[] =>
    order.lines.flatMap((line) =>
      line.rows.flatMap((row) =>
        row.deliveryErrors.map((error): PlannedCommand => {
          const moment = error.at ?? row.milestones.delivered;
          const shipmentId = shipmentOf(row);
          return {
            kind: 'record-delivery-error',
            body: {
              kind: error.kind,
              lineNo: line.lineNo,
              ...(shipmentId === undefined ? {} : { shipmentId }),
              ...(error.quantity !== null && isPositive(error.quantity)
                ? { qty: { value: error.quantity, uom: unitOf(line) } }
                : {}),
              ...(error.note === null ? {} : { note: error.note }),
            },
            occurredAt: moment?.at ?? order.latestAt ?? placedAt,
            ...recorded(moment?.recordedAt),
            ...(moment ? {} : { reason: timeNotKnown }),
            row,
          };
        }),
      ),
    );
}

/** Closed when the file says so of every line and nothing is open; an open rest is a warning of its own. */
function closing({ rows, lines, latestAt, warnings }: HistoryOrder, placedAt: string): PlannedCommand[] {
  const isClosed = (row: HistoryRow): boolean => row.status === 'closed' || row.milestones.closed !== null;
  const [first] = rows;
  const gone =
    lines.every((line) => line.rows.some(isCancelled)) && rows.every((row) => !isPositive(moved(row).shipped));
  if (!first || gone || !lines.every((line) => line.rows.some(isClosed))) return [];
  if (warnings.some(({ code }) => code === 'closed-with-open-quantity')) return [];
  const known = instantsOf(rows, 'closed').sort().at(-1);
  const occurredAt = known ?? latestAt ?? placedAt;
  return [{ kind: 'close', body: {}, occurredAt, ...(known ? {} : { reason: timeNotKnown }), row: first }];
}
