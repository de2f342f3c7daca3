import {
  type EventStoreDBClient,
  type ResolvedEvent,
  type StreamingRead,
  StreamNotFoundError,
} from '@eventstore/db-client';
import type { Position, Recorded } from '../../envelope.ts';
import type { ReadStreamOptions } from '../port.ts';
import type { Connection } from './connection.ts';
import { decodeRecorded, positionOf } from './events.ts';
import { asOutage } from './outages.ts';
import type { AllPosition } from './position.ts';
import { pull } from './pull.ts';
import { readAhead, type Session } from './session.ts';
import { NoAnswer } from './timing.ts';

/** The events of a stream. Throws LogUnavailable, the client's error, or the reason of an aborted signal: never ends too early. */
export async function* readStream(
  session: Session,
  connection: Connection,
  stream: string,
  { after, upTo, signal }: ReadStreamOptions,
): AsyncGenerator<Recorded, void> {
  const first = after === undefined ? 0 : after + 1;
  if (upTo !== undefined && upTo < first) return;
  const signals = signal ? [session.closed, signal] : [session.closed];
  const client = connection.client();
  const maxCount = upTo === undefined ? Number.MAX_SAFE_INTEGER : upTo - first + 1;
  // Some servers do not tell positions in stream reads; the head, asked for after the event was read, lies after it.
  let later: Promise<Position | 'start'> | undefined;
  const laterPosition = () => {
    later ??= head(session, client, signals);
    return later;
  };
  try {
    const open = () =>
      client.readStream(stream, { fromRevision: BigInt(first), maxCount }, { highWaterMark: readAhead });
    for await (const handful of events(session, signals, `read of ${stream}`, open)) {
      for (const event of handful) {
        const position = positionOf(event) ?? (await laterPosition());
        const recorded = decodeRecorded(event, position);
        if (!recorded)
          throw new Error(`Event ${event.revision} (${event.type}) of ${stream} was not written by Orderfold`);
        yield recorded;
        for (const each of signals) each.throwIfAborted();
      }
    }
  } catch (error) {
    if (error instanceof StreamNotFoundError) return;
    if (!signals.some((each) => each.aborted)) connection.renew(client);
    throw error;
  }
}

/**
 * Position of the last event that is not one of the server's own: those no subscriber sees. Reads page by page to the end of
 * each page: servers close a connection on which many calls are cancelled, for fear of an attack.
 */
export async function head(
  session: Session,
  client: EventStoreDBClient,
  signals: readonly AbortSignal[],
): Promise<Position | 'start'> {
  let before: 'end' | AllPosition | undefined = 'end';
  for (let maxCount = 1; before; maxCount = Math.min(512, maxCount * 8)) {
    const page = await lastEvents(session, client, signals, { fromPosition: before, maxCount });
    const position = page.filter(({ type }) => !type.startsWith('$')).map(positionOf)[0];
    if (position) return position;
    before = page.at(-1)?.position;
  }
  return 'start';
}

async function lastEvents(
  session: Session,
  client: EventStoreDBClient,
  signals: readonly AbortSignal[],
  o: { readonly fromPosition: 'end' | AllPosition; readonly maxCount: number },
): Promise<ClientEvent[]> {
  const open = () => client.readAll({ direction: 'backwards', ...o });
  const page: ClientEvent[] = [];
  for await (const handful of events(session, signals, 'read of the last event', open)) page.push(...handful);
  return page;
}

type ClientEvent = NonNullable<ResolvedEvent['event']>;

async function* events(
  session: Session,
  signals: readonly AbortSignal[],
  what: string,
  open: () => StreamingRead<{ readonly event?: ClientEvent }>,
): AsyncGenerator<ClientEvent[], void> {
  for (const signal of signals) signal.throwIfAborted();
  const read = open();
  const silence = session.timeouts.read;
  const onSilence = () => {
    throw new NoAnswer(what, silence);
  };
  const items = pull<{ readonly event?: ClientEvent }>(read, () => read.cancel(), {
    signals,
    schedule: session.schedule,
    silence,
    onSilence,
  });
  try {
    for await (const handful of items) yield handful.flatMap(({ event }) => event ?? []);
  } catch (error) {
    throw asOutage(error);
  }
  for (const signal of signals) signal.throwIfAborted();
}
