import type { Position, Recorded } from '../../events/envelope.ts';
import type { RawEvent } from '../../events/log/bulk.ts';

/** Texts one after another; text `i` is in the bytes from `offsets[i]` to `offsets[i + 1]`. */
export interface Texts {
  readonly offsets: Int32Array;
  readonly bytes: Buffer;
}

/** Events as columns: what lies in a batch of a file, and what is gathered for the next one. Nothing is parsed. */
export interface EventColumns {
  readonly events: number;
  /** The event types that this file knows; `type` counts in it. */
  readonly words: readonly string[];
  readonly position: Texts;
  readonly stream: Texts;
  readonly revision: Int32Array;
  readonly eventId: Texts;
  readonly type: Int16Array;
  /** A bit for each event, the lowest bit first: 1 where there is a value. */
  readonly orderNoThere: Uint8Array;
  readonly orderNo: Texts;
  readonly lineNoThere: Uint8Array;
  readonly lineNo: Int32Array;
  /** Milliseconds since 1970-01-01 (UTC) as 64-bit integers: low word, high word. */
  readonly occurredAt: Int32Array;
  readonly recordedAt: Int32Array;
  /** JSON. */
  readonly data: Texts;
  readonly metadata: Texts;
}

export const textAt = ({ offsets, bytes }: Texts, index: number): string =>
  bytes.toString('utf8', offsets[index] ?? 0, offsets[index + 1] ?? 0);

/** Only for texts that are ASCII. */
const asciiAt = ({ offsets, bytes }: Texts, index: number): string =>
  bytes.toString('latin1', offsets[index] ?? 0, offsets[index + 1] ?? 0);

export const positionAt = (columns: EventColumns, index: number): Position => asciiAt(columns.position, index);

export const typeAt = ({ type, words }: EventColumns, index: number): string => words[type[index] ?? -1] ?? '';

/** The event exactly as the log gave it. */
export function recordedAt(columns: EventColumns, index: number): Recorded {
  return {
    eventId: asciiAt(columns.eventId, index),
    stream: textAt(columns.stream, index),
    revision: columns.revision[index] ?? 0,
    position: positionAt(columns, index),
    type: typeAt(columns, index),
    data: JSON.parse(textAt(columns.data, index)),
    metadata: JSON.parse(textAt(columns.metadata, index)),
  };
}

const isThere = (bits: Uint8Array, index: number): boolean => (((bits[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
const instantAt = (words: Int32Array, index: number): number =>
  (words[2 * index + 1] ?? 0) * 2 ** 32 + ((words[2 * index] ?? 0) >>> 0);
const bytesAt = ({ offsets, bytes }: Texts, index: number): Uint8Array =>
  bytes.subarray(offsets[index] ?? 0, offsets[index + 1] ?? 0);

/** The events of a batch, one after another, their JSON as views of it. */
export function* rawEvents(columns: EventColumns): Generator<RawEvent, void> {
  for (let index = 0; index < columns.events; index += 1) {
    yield {
      position: positionAt(columns, index),
      stream: textAt(columns.stream, index),
      revision: columns.revision[index] ?? 0,
      eventId: asciiAt(columns.eventId, index),
      type: typeAt(columns, index),
      orderNo: isThere(columns.orderNoThere, index) ? textAt(columns.orderNo, index) : null,
      lineNo: isThere(columns.lineNoThere, index) ? (columns.lineNo[index] ?? 0) : null,
      occurredAt: instantAt(columns.occurredAt, index),
      recordedAt: instantAt(columns.recordedAt, index),
      data: bytesAt(columns.data, index),
      metadata: bytesAt(columns.metadata, index),
    };
  }
}

/** The first event after a position: positions of one log compare as strings. */
export function firstAfter(columns: EventColumns, after: Position | 'start'): number {
  if (after === 'start') return 0;
  let low = 0;
  let high = columns.events;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (positionAt(columns, middle) > after) high = middle;
    else low = middle + 1;
  }
  return low;
}
