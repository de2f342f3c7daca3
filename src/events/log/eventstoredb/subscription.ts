import {
  type EventStoreDBClient,
  eventTypeFilter,
  excludeSystemEvents,
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

type Cursor = Position | 'start';
type Item = ResolvedEvent | LogMessage;

/** The connection went away, or the server ended the call as if all were well. */
class Disconnected extends Error {
  override readonly name = 'Disconnected';
}

/**
 * `$all` after a position, for ever, over as many calls as it takes. Every call starts strictly after `cursor`: the position
 * of the last event that was delivered or passed over. Checkpoints of the server never become the cursor, because a new
 * event may get the position of a checkpoint (KurrentDB #4970).
 */
export async function* subscription(
  session: Session,
  connection: Connection,
  o: SubscribeOptions,
): AsyncGenerator<LogMessage, void> {
  // A position of another log is the caller's mistake, which no retry mends.
  if (o.after !== 'start') decodePosition(o.after);
  const signal = AbortSignal.any([o.signal, session.closed]);
  const wanted = o.types && new Set(o.types);
  const state: State = { cursor: o.after, attempt: 0 };
  while (!signal.aborted) {
    const client = connection.client();
    try {
      if (wanted) yield* catchUpFiltered(session, client, state, wanted, signal);
      yield* follow(session, client, state, wanted, signal);
    } catch (error) {
      if (signal.aborted) return;
      connection.renew(client);
      const wait = backoff(state.attempt, session.random);
      state.attempt += 1;
      session.report({
        message: `Subscription lost, trying again in ${Math.round(wait)} ms: ${messageOf(error)}`,
        error,
      });
      await pause(wait, session.schedule, signal);
    }
  }
}

interface State {
  cursor: Cursor;
  /** Failures since the last event. */
  attempt: number;
}

/**
 * The way to the head with a filter on the server, which is fast where few events are wanted. It only says now and then how
 * far it looked, so it stops when it caught up; by then every event up to the head as it was before is accounted for.
 */
async function* catchUpFiltered(
  session: Session,
  client: EventStoreDBClient,
  state: State,
  types: ReadonlySet<string>,
  signal: AbortSignal,
): AsyncGenerator<LogMessage, void> {
  const goal = await head(session, client, [signal]);
  if (goal === 'start' || (state.cursor !== 'start' && goal <= state.cursor)) return;
  const regex = `^(${[...types].map((type) => type.replace(/[^A-Za-z0-9_]/g, '\\$&')).join('|')})$`;
  for await (const item of messages(session, client, state, { regex }, signal)) {
    if (isMarker(item)) {
      if (item.kind === 'caught-up') break;
      yield item;
    } else {
      yield* deliver(session, state, item, types);
    }
  }
  if (signal.aborted) return;
  if (state.cursor === 'start' || state.cursor < goal) {
    state.cursor = goal;
    yield { kind: 'progress', position: goal };
  }
}

/** From the cursor on: every event, those that are not wanted as progress, so that the position is exact. */
async function* follow(
  session: Session,
  client: EventStoreDBClient,
  state: State,
  types: ReadonlySet<string> | undefined,
  signal: AbortSignal,
): AsyncGenerator<LogMessage, void> {
  for await (const item of messages(session, client, state, undefined, signal)) {
    if (!isMarker(item)) yield* deliver(session, state, item, types);
    else if (item.kind === 'caught-up') yield { kind: 'caught-up', position: state.cursor };
  }
}

function* deliver(
  session: Session,
  state: State,
  { event }: ResolvedEvent,
  types: ReadonlySet<string> | undefined,
): Generator<LogMessage, void> {
  const position = event && positionOf(event);
  if (!event || !position) return;
  // A server may send an event twice, and the second phase of a filtered subscription overlaps the first.
  if (state.cursor !== 'start' && position <= state.cursor) return;
  const wanted = !types || types.has(event.type);
  const recorded = wanted ? decodeRecorded(event, position) : undefined;
  if (wanted && !recorded) {
    session.report({
      message: `Passed over event ${event.revision} (${event.type}) of ${event.streamId}: not Orderfold's`,
    });
  }
  yield recorded ? { kind: 'event', event: recorded } : { kind: 'progress', position };
  state.cursor = position;
  state.attempt = 0;
}

/**
 * One call: events and markers in the order in which the server sent them. The client calls back for markers while events
 * still wait in its buffers; pushed into the same buffer they keep their place, and nothing that can fail runs in a callback.
 */
async function* messages(
  session: Session,
  client: EventStoreDBClient,
  state: State,
  filter: { readonly regex: string } | undefined,
  signal: AbortSignal,
): AsyncGenerator<Item, void> {
  const checkpointReached = async (to: { push(item: LogMessage): unknown }, position: AllPosition) => {
    to.push({ kind: 'progress', position: encodePosition(position) });
  };
  const call = client.subscribeToAll(
    {
      fromPosition: state.cursor === 'start' ? 'start' : decodePosition(state.cursor),
      filter: filter ? eventTypeFilter({ ...filter, checkpointReached }) : excludeSystemEvents(),
    },
    { highWaterMark: readAhead },
  );
  call.on('caughtUp', () => call.push({ kind: 'caught-up', position: 'start' } satisfies LogMessage));
  let suspect = false;
  const onSilence = async () => {
    const reached = await head(session, client, [signal]);
    const behind = reached !== 'start' && (state.cursor === 'start' || state.cursor < reached);
    const stalled = behind && call.readableLength === 0;
    if (suspect && stalled) throw new Disconnected('events are there, but it stopped delivering them');
    suspect = stalled;
  };
  const o = { signals: [signal], schedule: session.schedule, silence: session.timeouts.silence, onSilence };
  for await (const item of pull<Item>(call, () => call.unsubscribe(), o)) {
    suspect = false;
    yield item;
  }
  if (!signal.aborted) throw new Disconnected('the server ended it');
}

const isMarker = (item: Item): item is LogMessage => 'kind' in item;

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
