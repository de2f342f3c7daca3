import type { Position, Recorded, Revision } from '../envelope.ts';

/** A recorded event whose JSON is still the bytes in which it is kept: for whoever copies the log and does not interpret it. */
export interface RawEvent {
  readonly position: Position;
  readonly stream: string;
  readonly revision: Revision;
  readonly eventId: string;
  readonly type: string;
  /** `orderNo` and `lineNo` of the data, where it has them at its top. */
  readonly orderNo: string | null;
  readonly lineNo: number | null;
  /** Milliseconds since 1970-01-01 (UTC), as the metadata says it. */
  readonly occurredAt: number;
  readonly recordedAt: number;
  /** JSON in UTF-8. Views: valid until the next piece is asked for. */
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface BulkOptions {
  readonly after: Position | 'start';
  readonly signal: AbortSignal;
}

/** The same event, its JSON written out. */
export function rawFrom(event: Recorded): RawEvent {
  const { position, stream, revision, eventId, type, data, metadata } = event;
  return {
    position,
    stream,
    revision,
    eventId,
    type,
    ...orderPlace(data),
    occurredAt: Date.parse(metadata.occurredAt),
    recordedAt: Date.parse(metadata.recordedAt),
    data: Buffer.from(JSON.stringify(data)),
    metadata: Buffer.from(JSON.stringify(metadata)),
  };
}

/** Which order and which of its lines the data is about, where it says so at its top. */
export function orderPlace(data: unknown): { readonly orderNo: string | null; readonly lineNo: number | null } {
  const { orderNo, lineNo } = (data ?? {}) as { orderNo?: unknown; lineNo?: unknown };
  return {
    orderNo: typeof orderNo === 'string' ? orderNo : null,
    lineNo: isInteger32(lineNo) ? lineNo : null,
  };
}

const isInteger32 = (value: unknown): value is number => typeof value === 'number' && (value | 0) === value;
