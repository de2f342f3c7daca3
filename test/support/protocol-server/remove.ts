import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { expectedOf, refusalStatus, streamName } from './messages.ts';
import type { Rig } from './server.ts';
import type { Expected } from './store.ts';

/** Delete (soft: the stream may start again) and Tombstone (for ever). Their refusals always come as trailers. */

function expectedIn(options: streams.DeleteReq.Options | streams.TombstoneReq.Options | undefined): Expected {
  return expectedOf({
    revision: options?.hasRevision() ? options.getRevision() : undefined,
    noStream: options?.hasNoStream() ?? false,
    streamExists: options?.hasStreamExists() ?? false,
  });
}

export function deleteHandler(rig: Rig) {
  return (call: ServerUnaryCall<streams.DeleteReq, streams.DeleteResp>, answer: sendUnaryData<streams.DeleteResp>) => {
    const options = call.request.getOptions();
    const stream = streamName(options?.getStreamIdentifier());
    const expected = expectedIn(options);
    const outcome = rig.store.delete(stream, expected);
    if (outcome.kind !== 'appended') return answer(refusalStatus(outcome, stream, expected));
    const position = new streams.DeleteResp.Position();
    position.setCommitPosition(outcome.position.toString()).setPreparePosition(outcome.position.toString());
    answer(null, new streams.DeleteResp().setPosition(position));
  };
}

export function tombstoneHandler(rig: Rig) {
  return (
    call: ServerUnaryCall<streams.TombstoneReq, streams.TombstoneResp>,
    answer: sendUnaryData<streams.TombstoneResp>,
  ) => {
    const options = call.request.getOptions();
    const stream = streamName(options?.getStreamIdentifier());
    const expected = expectedIn(options);
    const outcome = rig.store.tombstone(stream, expected);
    if (outcome.kind !== 'appended') return answer(refusalStatus(outcome, stream, expected));
    answer(null, new streams.TombstoneResp().setNoPosition(new shared.Empty()));
  };
}
