import type { Position, Recorded } from '../../envelope.ts';

/** A row of the events table as every reading statement selects it. */
export interface EventRow {
  readonly tx: string;
  readonly position: string;
  readonly stream: string;
  readonly revision: number;
  readonly event_id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

export const eventColumns = 'tx, position, stream, revision, event_id, type, data, metadata';

/** Fixed width, so that positions compare as strings. */
export const positionOf = (row: { tx: string; position: string }): Position =>
  `${row.tx.padStart(20, '0')}:${row.position.padStart(20, '0')}`;

/** The two numbers of a position as SQL parameters; 'start' is before everything. */
export function placeOf(position: Position | 'start'): [tx: string, position: string] {
  if (position === 'start') return ['0', '0'];
  const match = /^(\d{20}):(\d{20})$/.exec(position);
  if (!match) throw new RangeError(`Not a position of this log: ${position}`);
  // Without leading zeros: PostgreSQL reads them as octal in an xid8.
  return [String(BigInt(match[1] ?? '')), String(BigInt(match[2] ?? ''))];
}

export function recordedFrom(row: EventRow): Recorded {
  return {
    eventId: row.event_id,
    stream: row.stream,
    revision: row.revision,
    position: positionOf(row),
    type: row.type,
    data: JSON.parse(row.data),
    metadata: JSON.parse(row.metadata),
  };
}
