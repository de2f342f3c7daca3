import { type EventData, jsonEvent, type ResolvedEvent } from '@eventstore/db-client';
import type { EventMetadata, NewEvent, Position, Recorded } from '../../envelope.ts';
import { AppendTooLarge } from '../port.ts';
import { encodePosition } from './position.ts';

/** A server takes no more than this in one append, all events together (MaxAppendSize, 1 MiB). */
export const maxAppendSize = 1024 * 1024;

/** Throws AppendTooLarge. Sizes are counted as the server counts them: data, metadata, and the type as UTF-16. */
export function encodeEvents(stream: string, events: readonly NewEvent[]): EventData[] {
  let bytes = 0;
  const encoded = events.map((event) => {
    const metadata = Buffer.from(JSON.stringify(event.metadata));
    bytes += Buffer.byteLength(JSON.stringify(event.data)) + metadata.length + 2 * event.type.length;
    return jsonEvent({ id: event.eventId, type: event.type, data: event.data as Record<string, unknown>, metadata });
  });
  if (bytes > maxAppendSize)
    throw new AppendTooLarge(
      `${events.length} events of together ${bytes} bytes are too much for one append to ${stream}: EventStoreDB takes ${maxAppendSize} bytes; split the command`,
    );
  return encoded;
}

type ClientEvent = NonNullable<ResolvedEvent['event']>;

/** What the server answers where it does not know a position. */
const nowhere = 2n ** 64n - 1n;

export function positionOf(event: ClientEvent): Position | undefined {
  const { position } = event;
  return position && position.commit !== nowhere ? encodePosition(position) : undefined;
}

/**
 * The event as it was recorded; undefined if it carries no metadata of ours, because something else wrote it.
 * Data that is no JSON arrives as the string it is: decodeEvent refuses it.
 */
export function decodeRecorded(event: ClientEvent, position: Position): Recorded | undefined {
  if (!isOurs(event.metadata)) return undefined;
  return {
    stream: event.streamId,
    revision: Number(event.revision),
    position,
    eventId: event.id,
    type: event.type,
    data: event.data,
    metadata: event.metadata,
  };
}

function isOurs(metadata: unknown): metadata is EventMetadata {
  if (typeof metadata !== 'object' || metadata === null) return false;
  const { schemaVersion, commandId, hash } = metadata as Record<string, unknown>;
  return typeof schemaVersion === 'number' && typeof commandId === 'string' && typeof hash === 'string';
}
