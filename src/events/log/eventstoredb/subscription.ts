import {
  type EventStoreDBClient,
  eventTypeFilter,
  excludeSystemEvents,
  type Filter,
  type ResolvedEvent,
} from '@eventstore/db-client';
import type { Position } from '../../envelope.ts';
import type { LogMessage, SubscribeOptions } from '../port.ts';
import type { Connection } from './connection.ts';
import { decodeRecorded, positionOf } from './events.ts';
import { type AllPosition, decodePosition, encodePosition } from './position.ts';
import { pull } from './pull.ts';
import { head } from './read.ts';
import { readAhead, type Session } from './session.ts';
import { backoff, pause } from './timing.ts';

type Item = ResolvedEvent | LogMessage;

/** The connection went away, or the server ended the call as if all were well. */
class Disconnected extends Error {
  override readonly name = 'Disconnected';
}

/** One subscription, over all its calls. */
interface Subscriber {
  readonly session: Session;
  readonly types: ReadonlySet<string> | undefined;
  readonly signal: AbortSignal;
  /** Every event up to here was handed on or passed over; the next call starts strictly after it. */
  cursor: Position | 'start';
  /** The furthest position that was told, by an event or a marker. A new call begins behind it; markers never do. */
  told: Position | 'start';
}

/**
 * `$all` after a position, for ever, over as many calls as it takes. Checkpoints of the server never become the cursor,
 * because a new event may get the position of a checkpoint (KurrentDB #4970).
 */
export async function* subscription(
  session: Session,
  connection: Connection,
  o: SubscribeOptions,
): AsyncGenerator<LogMessage, void> {
  // A position of another log is the caller's mistake, which no retry mends.
  if (o.after !== 'start') decodePosition(o.after);
  const signal = AbortSignal.any([o.signal, session.closed]);
  const subscriber: Subscriber = {
    session,
    signal,
    types: o.types && new Set(o.types),
    cursor: o.after,
    told: o.after,
  };
  let failures = 0;
  while (!signal.aborted) {
    const client = connection.client();
    try {
      for await (const handful of messages(subscriber, client)) {
        for (const message of handful) {
          yield message;
          if (signal.aborted) return;
          if (message.kind !== 'caught-up') failures = 0;
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      connection.renew(client);
      const wait = backoff(failures, session.random);
      failures += 1;
      const why = error instanceof Error ? error.message : String(error);
      session.report({ message: `Subscription lost, trying again in ${Math.round(wait)} ms: ${why}`, error });
      await pause(wait, session.schedule, signal);
    }
  }
}

async function* messages(subscriber: Subscriber, client: EventStoreDBClient): AsyncGenerator<LogMessage[], void> {
  if (subscriber.types) yield* catchUp(subscriber, client, subscriber.types);
  // From here on every event is sent, those that are not wanted become progress, and the position is exact.
  for await (const items of call(subscriber, client, excludeSystemEvents())) {
    yield items.flatMap((item) => translate(subscriber, item));
  }
}

/**
 * The way to the head with a filter on the server, which is fast where few events are wanted. It only says now and then how
 * far it looked, so it stops when it caught up; by then every event up to the head as it was before is accounted for.
 */
async function* catchUp(
  subscriber: Subscriber,
  client: EventStoreDBClient,
  types: ReadonlySet<string>,
): AsyncGenerator<LogMessage[], void> {
  const goal = await head(subscriber.session, client, [subscriber.signal]);
  if (!isBefore(subscriber.cursor, goal)) return;
  const regex = `^(${[...types].map((type) => type.replace(/[^A-Za-z0-9_]/g, '\\$&')).join('|')})$`;
  // In the place where the client calls back, other events still wait in its buffers; pushed behind them, a marker keeps its
  // place. Nothing that can fail runs in a callback: an error there would stall the call unseen.
  const checkpointReached = async (to: { push(item: Item): unknown }, position: AllPosition) => {
    to.push({ kind: 'progress', position: encodePosition(position) });
  };
  for await (const items of call(subscriber, client, eventTypeFilter({ regex, checkpointReached }))) {
    const end = items.findIndex((item) => isMarker(item) && item.kind === 'caught-up');
    yield items.slice(0, end < 0 ? undefined : end).flatMap((item) => translate(subscriber, item));
    if (end >= 0) break;
  }
  if (subscriber.signal.aborted || !isBefore(subscriber.cursor, goal)) return;
  subscriber.cursor = goal;
  yield progress(subscriber, goal);
}

/** One call, in the order in which the server sent it. Throws when the server ends it, with an error or without. */
async function* call(subscriber: Subscriber, client: EventStoreDBClient, filter: Filter): AsyncGenerator<Item[], void> {
  const { session, signal, cursor } = subscriber;
  const fromPosition = cursor === 'start' ? cursor : decodePosition(cursor);
  const stream = client.subscribeToAll({ fromPosition, filter }, { highWaterMark: readAhead });
  stream.on('caughtUp', () => stream.push({ kind: 'caught-up', position: 'start' } satisfies Item));
  let suspect = false;
  const onSilence = async () => {
    const behind = isBefore(subscriber.cursor, await head(session, client, [signal]));
    const stalled = behind && stream.readableLength === 0;
    if (suspect && stalled) throw new Disconnected('events are there, but it stopped delivering them');
    suspect = stalled;
  };
  const o = { signals: [signal], schedule: session.schedule, silence: session.timeouts.silence, onSilence };
  for await (const items of pull<Item>(stream, () => stream.unsubscribe(), o)) {
    suspect = false;
    yield items;
  }
  if (!signal.aborted) throw new Disconnected('the server ended it');
}

function translate(subscriber: Subscriber, item: Item): LogMessage[] {
  if (isMarker(item)) {
    if (item.kind === 'progress') return progress(subscriber, item.position);
    return [{ kind: 'caught-up', position: subscriber.told }];
  }
  const { event } = item;
  const position = event && positionOf(event);
  // A server may send an event twice.
  if (!event || !position || !isBefore(subscriber.cursor, position)) return [];
  subscriber.cursor = position;
  if (subscriber.types && !subscriber.types.has(event.type)) return progress(subscriber, position);
  const recorded = decodeRecorded(event, position);
  if (recorded) {
    if (isBefore(subscriber.told, position)) subscriber.told = position;
    return [{ kind: 'event', event: recorded }];
  }
  const where = `event ${event.revision} (${event.type}) of ${event.streamId}`;
  subscriber.session.report({ message: `Passed over ${where}: it was not written by Orderfold` });
  return progress(subscriber, position);
}

function progress(subscriber: Subscriber, position: Position): LogMessage[] {
  if (!isBefore(subscriber.told, position)) return [];
  subscriber.told = position;
  return [{ kind: 'progress', position }];
}

const isMarker = (item: Item): item is LogMessage => 'kind' in item;

const isBefore = (a: Position | 'start', b: Position | 'start') => b !== 'start' && (a === 'start' || a < b);
