import shared from '@eventstore/db-client/generated/shared_pb.js';
import statusMessages from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerDuplexStream, ServerReadableStream, sendUnaryData } from '@grpc/grpc-js';
import emptyMessages from 'google-protobuf/google/protobuf/empty_pb.js';
import { expectedOf, proposed, refusalDetails, refusalStatus, streamName } from './messages.ts';
import type { Rig } from './server.ts';
import type { Appended, Expected, ProposedEvent } from './store.ts';

/**
 * Append, one call per append: the client streams a header (stream, expected version), then one message per event, and gets
 * one answer. A wrong version is a field of the answer, or trailers when the server is told so.
 */
export function appendHandler(rig: Rig) {
  return (
    call: ServerReadableStream<streams.AppendReq, streams.AppendResp>,
    answer: sendUnaryData<streams.AppendResp>,
  ) => {
    const fault = rig.take('append', call);
    if (rig.denies(call, answer)) return;
    let header: streams.AppendReq.Options | undefined;
    const events: ProposedEvent[] = [];
    call.on('data', (request: streams.AppendReq) => {
      header ??= request.getOptions();
      const message = request.getProposedMessage();
      if (message) events.push(proposed(message));
    });
    call.on('end', async () => {
      if (fault?.does === 'end') {
        fault.strike();
        return answer(null, new streams.AppendResp());
      }
      if (await rig.strikes(fault, 0, call, answer)) return;
      const stream = streamName(header?.getStreamIdentifier());
      const expected = expectedOf({
        revision: header?.hasRevision() ? header.getRevision() : undefined,
        noStream: header?.hasNoStream() ?? false,
        streamExists: header?.hasStreamExists() ?? false,
      });
      const outcome = rig.store.append(stream, events, expected);
      if (await rig.strikes(fault, 1, call, answer)) return;
      if (outcome.kind === 'appended' || (outcome.kind === 'wrong-version' && !rig.options.wrongVersionAsTrailers)) {
        answer(null, appendAnswer(outcome, expected));
      } else {
        answer(refusalStatus(outcome, stream, expected));
      }
    });
  };
}

function appendAnswer(outcome: Appended, expected: Expected): streams.AppendResp {
  if (outcome.kind === 'appended') {
    const position = new streams.AppendResp.Position();
    position.setCommitPosition(outcome.position.toString()).setPreparePosition(outcome.position.toString());
    const success = new streams.AppendResp.Success().setCurrentRevision(outcome.revision.toString());
    return new streams.AppendResp().setSuccess(success.setPosition(position));
  }
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (outcome.kind === 'wrong-version' && outcome.current !== 'no-stream') {
    wrong.setCurrentRevision(outcome.current.toString());
  } else {
    wrong.setCurrentNoStream(new shared.Empty());
  }
  if (typeof expected === 'number') wrong.setExpectedRevision(expected.toString());
  else if (expected === 'no-stream') wrong.setExpectedNoStream(new shared.Empty());
  else if (expected === 'stream-exists') wrong.setExpectedStreamExists(new shared.Empty());
  else wrong.setExpectedAny(new shared.Empty());
  return new streams.AppendResp().setWrongExpectedVersion(wrong);
}

/**
 * BatchAppend, one long call for all appends of a client: requests carry a correlation id and may be split over several
 * messages, the last one is marked final; answers carry the same id and come in any order.
 */
export function batchAppendHandler(rig: Rig) {
  return (call: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>) => {
    const open = new Map<string, { options: streams.BatchAppendReq.Options | undefined; events: ProposedEvent[] }>();
    call.on('end', () => call.end());
    call.on('data', async (request: streams.BatchAppendReq) => {
      const id = request.getCorrelationId()?.getString() ?? '';
      const batch = open.get(id) ?? { options: request.getOptions(), events: [] };
      open.set(id, batch);
      batch.events.push(...request.getProposedMessagesList().map(proposed));
      if (!request.getIsFinal()) return;
      open.delete(id);
      const fault = rig.take('batch-append', call);
      if (await rig.strikes(fault, 0, call)) return;
      const stream = streamName(batch.options?.getStreamIdentifier());
      const expected = expectedOf({
        revision: batch.options?.hasStreamPosition() ? batch.options.getStreamPosition() : undefined,
        noStream: batch.options?.hasNoStream() ?? false,
        streamExists: batch.options?.hasStreamExists() ?? false,
      });
      const outcome = rig.store.append(stream, batch.events, expected);
      if (await rig.strikes(fault, 1, call)) return;
      call.write(batchAnswer(request, batch.options, outcome, stream));
    });
  };
}

function batchAnswer(
  request: streams.BatchAppendReq,
  options: streams.BatchAppendReq.Options | undefined,
  outcome: Appended,
  stream: string,
): streams.BatchAppendResp {
  const response = new streams.BatchAppendResp().setCorrelationId(request.getCorrelationId());
  response.setStreamIdentifier(options?.getStreamIdentifier());
  if (outcome.kind !== 'appended') {
    const error = new statusMessages.Status().setMessage(outcome.kind).setDetails(refusalDetails(outcome, stream));
    return response.setError(error);
  }
  const position = new shared.AllStreamPosition();
  position.setCommitPosition(outcome.position.toString()).setPreparePosition(outcome.position.toString());
  const success = new streams.BatchAppendResp.Success().setCurrentRevision(outcome.revision.toString());
  if (outcome.revision < 0) success.setNoStream(new emptyMessages.Empty());
  return response.setSuccess(success.setPosition(position));
}
