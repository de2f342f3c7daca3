import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { Metadata, status } from '@grpc/grpc-js';
import protobufAny from 'google-protobuf/google/protobuf/any_pb.js';
import type { Appended, Expected, ProposedEvent, StoredEvent } from './store.ts';
import { maxAppendSize } from './store.ts';

/** Between the server's own words and protobuf messages. 64-bit numbers travel as decimal strings. */

export const streamName = (identifier: shared.StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');

const identifierOf = (stream: string) => new shared.StreamIdentifier().setStreamName(Buffer.from(stream, 'utf8'));

/** A proposed event looks the same in both append protocols; its type and content type are entries of a string map. */
export function proposed(
  message: streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage,
): ProposedEvent {
  const system = message.getMetadataMap();
  return {
    id: message.getId()?.getString() ?? '',
    type: system.get('type') ?? '',
    contentType: system.get('content-type') ?? 'application/octet-stream',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

/** A position that is not told is the largest number of 64 bits. */
export function eventMessage(event: StoredEvent, hidePosition = false): streams.ReadResp {
  const position = hidePosition ? '18446744073709551615' : event.position.toString();
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(new shared.UUID().setString(event.id));
  recorded.setStreamIdentifier(identifierOf(event.stream));
  recorded.setStreamRevision(event.revision.toString());
  recorded.setCommitPosition(position).setPreparePosition(position);
  recorded.setData(event.data).setCustomMetadata(event.metadata);
  const system = recorded.getMetadataMap();
  system.set('type', event.type).set('content-type', event.contentType).set('created', event.created.toString());
  return new streams.ReadResp().setEvent(
    new streams.ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(position),
  );
}

export function checkpointMessage(position: bigint): streams.ReadResp {
  const text = position.toString();
  return new streams.ReadResp().setCheckpoint(
    new streams.ReadResp.Checkpoint().setCommitPosition(text).setPreparePosition(text),
  );
}

export const confirmationMessage = (): streams.ReadResp =>
  new streams.ReadResp().setConfirmation(
    new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(crypto.randomUUID()),
  );

export const caughtUpMessage = (): streams.ReadResp =>
  new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp());

export const notFoundMessage = (stream: string): streams.ReadResp =>
  new streams.ReadResp().setStreamNotFound(
    new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(stream)),
  );

/** The one field of a oneof that is set says what the writer expects. */
export function expectedOf(o: {
  readonly revision: string | undefined;
  readonly noStream: boolean;
  readonly streamExists: boolean;
}): Expected {
  if (o.revision !== undefined) return Number(o.revision);
  if (o.noStream) return 'no-stream';
  return o.streamExists ? 'stream-exists' : 'any';
}

/** A refusal as gRPC trailers: `exception` names it, further entries carry its details. */
export function refusalStatus(refusal: Appended, stream: string, expected: Expected) {
  const trailers = new Metadata();
  const fail = (code: status, details: string) => ({ code, details, metadata: trailers });
  trailers.set('stream-name', stream);
  if (refusal.kind === 'wrong-version') {
    trailers.set('exception', 'wrong-expected-version');
    trailers.set('expected-version', typeof expected === 'number' ? expected.toString() : '-1');
    if (refusal.current !== 'no-stream') trailers.set('actual-version', refusal.current.toString());
    return fail(status.FAILED_PRECONDITION, `Append failed due to WrongExpectedVersion. Stream: ${stream}`);
  }
  if (refusal.kind === 'too-large') {
    trailers.set('exception', 'maximum-append-size-exceeded');
    trailers.set('maximum-append-size', maxAppendSize.toString());
    return fail(status.INVALID_ARGUMENT, `Maximum append size exceeded: ${maxAppendSize}`);
  }
  trailers.set('exception', 'stream-deleted');
  return fail(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`);
}

/** A refusal inside a batch: a google.rpc.Status whose details are one packed message. */
export function refusalDetails(refusal: Appended, stream: string): protobufAny.Any {
  const pack = (message: { serializeBinary(): Uint8Array }, name: string) => {
    const any = new protobufAny.Any();
    any.pack(message.serializeBinary(), `event_store.client.${name}`);
    return any;
  };
  if (refusal.kind === 'wrong-version') {
    const message = new shared.WrongExpectedVersion();
    if (refusal.current !== 'no-stream') message.setCurrentStreamRevision(refusal.current.toString());
    return pack(message, 'WrongExpectedVersion');
  }
  if (refusal.kind === 'too-large') {
    return pack(new shared.MaximumAppendSizeExceeded().setMaxappendsize(maxAppendSize), 'MaximumAppendSizeExceeded');
  }
  return pack(new shared.StreamDeleted().setStreamIdentifier(identifierOf(stream)), 'StreamDeleted');
}
