import { compare } from '../../values/dates.ts';
import { isPositive, sum } from '../../values/decimal.ts';
import type { MilestoneMoment } from '../cells/dates.ts';
import type { Mapping } from '../mapping/schema.ts';
import type { HistoryRow } from '../rows/history-row.ts';
import { numberOf } from './identity.ts';
import { first, type HistoryLine, type HistoryOrder, unitOf } from './order.ts';
import {
  grouped,
  impliedByHistory,
  inThousands,
  type PlannedCommand,
  recorded,
  timeNotKnown,
} from './planned-command.ts';
import { scheduleOfRow } from './promises.ts';
import { type Moved, moved } from './quantities.ts';

/** A row of a line that left, and how much of it. */
interface Movement extends Moved {
  readonly line: HistoryLine;
  readonly row: HistoryRow;
  readonly scheduleId: string | undefined;
}

export interface PlannedShipments {
  readonly commands: readonly PlannedCommand[];
  readonly idOf: (row: HistoryRow) => string | undefined;
}

/** Shipments and deliveries as they happened, one command each; a delivery never stands before its shipment. */
export function plannedShipments(order: HistoryOrder, mapping: Mapping, placedAt: string): PlannedShipments {
  const movements = order.lines.flatMap((line): Movement[] => {
    const scheduleOf = scheduleOfRow(line, mapping.line.quantityPer ?? 'line');
    return line.rows
      .map((row) => ({ line, row, ...moved(row), scheduleId: scheduleOf(row) }))
      .filter(({ shipped }) => isPositive(shipped));
  });
  const latestAt = order.latestAt ?? placedAt;
  const shipments = grouped(movements, ({ row }) => shipmentId(row))
    .flatMap((group) =>
      inThousands(group).map((part, index): Shipment => {
        const id = shipmentId(group[0].row);
        return { id: index === 0 ? id : `${id}/part-${index + 1}`, movements: part, left: leftAt(group, latestAt) };
      }),
    )
    .sort((a, b) => compare(a.left.occurredAt, b.left.occurredAt) || compare(a.id, b.id));
  const idOfRow = new Map(shipments.flatMap(({ id, movements }) => movements.map(({ row }) => [row, id])));
  const commands = shipments.flatMap((shipment) => [ship(shipment), ...deliveries(shipment, latestAt)]);
  return {
    // What arrives first is told first, whichever shipment left first: it decides what was complete when.
    commands: commands.sort((a, b) => compare(a.occurredAt, b.occurredAt)),
    idOf: (row) => idOfRow.get(row),
  };
}

/** At most 1,000 rows, because a command names no more; a bigger shipment is told in parts. */
interface Shipment {
  readonly id: string;
  readonly movements: readonly [Movement, ...Movement[]];
  readonly left: Times;
}

/**
 * What left and arrived on the same days is one shipment of the order, unless the file names shipments. A shipment that is
 * named may carry lines of several orders.
 */
function shipmentId({ orderKey, shipment, milestones }: HistoryRow): string {
  if (shipment.key !== null) return shipment.key;
  const days = [milestones.shipped, milestones.delivered].map((moment) => moment?.date ?? 'undated');
  return [numberOf(orderKey), ...days].join('/');
}

type Times = Pick<PlannedCommand, 'occurredAt' | 'recordedAt' | 'reason'>;

/** A shipment of which only the delivery is known left at the latest then. */
function leftAt(group: readonly Movement[], latestAt: string): Times {
  const left = earliest(group.map(({ row }) => row.milestones.shipped));
  if (left) return { occurredAt: left.at, ...recorded(left.recordedAt) };
  const arrived = earliest(group.map(({ row }) => row.milestones.delivered));
  return arrived
    ? { occurredAt: arrived.at, ...recorded(arrived.recordedAt), reason: impliedByHistory }
    : { occurredAt: latestAt, reason: timeNotKnown };
}

const earliest = (moments: readonly (MilestoneMoment | null)[]): MilestoneMoment | undefined =>
  moments.filter((moment) => moment !== null).sort((a, b) => (a.at < b.at ? -1 : 1))[0];

function ship({ id, movements, left }: Shipment): PlannedCommand {
  const [{ row }] = movements;
  const rows = movements.map((movement) => movement.row);
  const carrier = first(rows, ({ shipment }) => shipment.carrier);
  const tracking = first(rows, ({ shipment }) => shipment.tracking);
  const mode = first(rows, ({ shipment }) => shipment.mode);
  const lines = grouped(movements, ({ line, scheduleId }) => `${line.lineNo} ${scheduleId}`).map((same) => {
    const [{ line, scheduleId }] = same;
    const qty = { value: sum(same.map(({ shipped }) => shipped)), uom: unitOf(line) };
    return { lineNo: line.lineNo, qty, ...(scheduleId === undefined ? {} : { scheduleId }) };
  });
  const body = {
    shipmentId: id,
    ...(carrier === undefined ? {} : { carrier }),
    ...(tracking === undefined ? {} : { tracking }),
    ...(mode === undefined ? {} : { mode }),
    lines,
  };
  return { kind: 'ship', body, ...left, row };
}

/** What arrived and was recorded at the same time is one delivery. A delivery of which only the day is known is not before its shipment. */
function deliveries({ id, movements, left }: Shipment, latestAt: string): PlannedCommand[] {
  const arrived = movements.filter(({ delivered }) => isPositive(delivered));
  const times = ({ row }: Movement) => `${row.milestones.delivered?.at} ${row.milestones.delivered?.recordedAt}`;
  const groups = grouped(arrived, times).sort((a, b) => compare(times(a[0]), times(b[0])));
  return groups.map((same): PlannedCommand => {
    const [{ row }] = same;
    const known = row.milestones.delivered;
    const at = known?.at ?? latestAt;
    const lines = grouped(same, ({ line }) => String(line.lineNo)).map((entries) => ({
      lineNo: entries[0].line.lineNo,
      qty: { value: sum(entries.map(({ delivered }) => delivered)), uom: unitOf(entries[0].line) },
    }));
    return {
      kind: 'deliver',
      body: { shipmentId: id, lines },
      occurredAt: at > left.occurredAt ? at : left.occurredAt,
      ...recorded(known?.recordedAt),
      ...(known ? {} : { reason: timeNotKnown }),
      row,
    };
  });
}
