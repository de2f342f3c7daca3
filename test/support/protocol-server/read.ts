import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ArmedFault } from './faults.ts';
import {
  caughtUpMessage,
  checkpointMessage,
  confirmationMessage,
  eventMessage,
  notFoundMessage,
  refusalStatus,
  streamName,
} from './messages.ts';
import type { Rig } from './server.ts';
import type { StoredEvent } from './store.ts';

export type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;
type Options = streams.ReadReq.Options;
type Send = (message: streams.ReadResp) => Promise<boolean>;

/** Read serves four things, told apart by its options: a stream or `$all`, once or as a subscription. */
export function readHandler(rig: Rig) {
  return async (call: ReadCall) => {
    const options = call.request.getOptions();
    if (!options || rig.denies(call)) return;
    const subscription = options.hasSubscription();
    const send = sender(rig, call, rig.take(subscription ? 'subscribe' : 'read', call));
    if (subscription) await subscribe(rig, call, options, send);
    else if (options.hasStream()) await readStream(rig, call, options, send);
    else await readAll(rig, options, send);
    if (call.cancelled) rig.abandoning();
    else if (!subscription) call.end();
  };
}

/** Sends one message after the other, waits for the client's flow control, and lets the fault strike in between. */
function sender(rig: Rig, call: ReadCall, fault: ArmedFault | undefined): Send {
  let sent = 0;
  return async (message) => {
    if (call.cancelled || (fault && (await rig.strikes(fault, sent, call)))) return false;
    sent += 1;
    rig.sending();
    for (let copies = fault?.does === 'duplicate' ? 2 : 1; copies > 0; copies -= 1) {
      if (!call.write(message)) await drained(call);
    }
    return !call.cancelled;
  };
}

const drained = (call: ReadCall) =>
  new Promise<void>((resolve) => {
    const done = () => {
      call.off('drain', done).off('cancelled', done);
      resolve();
    };
    call.on('drain', done).on('cancelled', done);
  });

/** `fromRevision` is inclusive, in both directions. */
async function readStream(rig: Rig, call: ReadCall, options: Options, send: Send): Promise<void> {
  const from = options.getStream();
  const name = streamName(from?.getStreamIdentifier());
  const found = rig.store.read(name);
  if (found === 'not-found') {
    await send(notFoundMessage(name));
    return;
  }
  if (found === 'deleted') {
    call.emit('error', refusalStatus({ kind: 'stream-deleted' }, name, 'any'));
    return;
  }
  const backwards = options.getReadDirection() === 1;
  const revision = from?.hasRevision() ? Number(from.getRevision()) : undefined;
  const wanted = found.filter(
    (e) => revision === undefined || (backwards ? e.revision <= revision : e.revision >= revision),
  );
  await sendEvents(
    backwards ? wanted.reverse() : wanted,
    Number(options.getCount()),
    send,
    rig.options.withoutStreamPositions,
  );
}

/** Forwards from a position includes its event, backwards excludes it. */
async function readAll(rig: Rig, options: Options, send: Send): Promise<void> {
  const from = options.getAll();
  const position = from?.hasPosition() ? BigInt(from.getPosition()?.getCommitPosition() ?? 0) : undefined;
  const backwards = options.getReadDirection() === 1;
  const atEnd = from?.hasEnd() ?? false;
  const start = position === undefined ? (atEnd ? rig.store.all.length : 0) : indexOf(rig.store.all, position);
  await sendEvents(walk(rig.store.all, start, backwards), Number(options.getCount()), send);
}

/** Index of the first event at or after a position. */
function indexOf(all: readonly StoredEvent[], position: bigint): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.position ?? 0n) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

function* walk(all: readonly StoredEvent[], start: number, backwards: boolean): Generator<StoredEvent> {
  const step = backwards ? -1 : 1;
  for (let i = backwards ? start - 1 : start; all[i]; i += step) yield all[i] as StoredEvent;
}

async function sendEvents(
  events: Iterable<StoredEvent>,
  count: number,
  send: Send,
  hidePositions = false,
): Promise<void> {
  let left = count;
  for (const event of events) {
    if (left <= 0 || !(await send(eventMessage(event, hidePositions)))) return;
    left -= 1;
  }
}

/** The window of a filtered read, in events, when the client sets none; a checkpoint comes after so many windows. */
const defaultWindow = 32;

/**
 * A subscription to `$all` or one stream, exclusive of its starting point: a confirmation, what is there already, a word
 * that it caught up, then everything new as it comes. Filtered ones report by checkpoints how far they looked.
 */
async function subscribe(rig: Rig, call: ReadCall, options: Options, send: Send): Promise<void> {
  const filter = options.getFilter();
  const interval = (filter?.getMax() || defaultWindow) * (filter?.getCheckpointintervalmultiplier() || 1);
  const wanted = selection(options);
  let next = startOf(rig, options);
  let considered = 0;
  let told = false;
  if (!(await send(confirmationMessage()))) return;
  while (!call.cancelled) {
    const event = rig.store.all[next];
    if (!event) {
      if (!told && !rig.options.withoutCaughtUp && !(await send(caughtUpMessage()))) return;
      told = true;
      if (next === rig.store.all.length) await appended(rig, call);
      continue;
    }
    next += 1;
    if (wanted(event) && !(await send(eventMessage(event)))) return;
    considered += 1;
    if (filter && considered % interval === 0 && !(await send(checkpointMessage(event.position)))) return;
  }
}

function startOf(rig: Rig, options: Options): number {
  const all = options.getAll();
  const stream = options.getStream();
  if (all?.hasEnd() || stream?.hasEnd()) return rig.store.all.length;
  if (!all?.hasPosition()) return 0;
  return indexOf(rig.store.all, BigInt(all.getPosition()?.getCommitPosition() ?? 0) + 1n);
}

function selection(options: Options): (event: StoredEvent) => boolean {
  const stream = options.getStream();
  if (stream) {
    const name = streamName(stream.getStreamIdentifier());
    const after = stream.hasRevision() ? Number(stream.getRevision()) : -1;
    return (event) => event.stream === name && event.revision > after;
  }
  const filter = options.getFilter();
  const expression = filter?.getEventType() ?? filter?.getStreamIdentifier();
  if (!filter || !expression) return () => true;
  const subject = (event: StoredEvent) => (filter.hasEventType() ? event.type : event.stream);
  const prefixes = expression.getPrefixList();
  if (prefixes.length > 0) return (event) => prefixes.some((prefix) => subject(event).startsWith(prefix));
  const pattern = new RegExp(expression.getRegex());
  return (event) => pattern.test(subject(event));
}

const appended = (rig: Rig, call: ReadCall) =>
  new Promise<void>((resolve) => {
    const done = () => {
      unwatch();
      call.off('cancelled', done);
      resolve();
    };
    const unwatch = rig.store.watch(done);
    call.on('cancelled', done);
  });
