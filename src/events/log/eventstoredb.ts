import { setMaxListeners } from 'node:events';
import { WrongExpectedVersionError } from '@eventstore/db-client';
import type { NewEvent } from '../envelope.ts';
import { type Connection, openConnection } from './eventstoredb/connection.ts';
import { encodeEvents } from './eventstoredb/events.ts';
import { encodePosition } from './eventstoredb/position.ts';
import { head, readStream } from './eventstoredb/read.ts';
import { defaultTimeouts, type Session, type Timeouts } from './eventstoredb/session.ts';
import { subscription } from './eventstoredb/subscription.ts';
import { clockSchedule, type Schedule, within } from './eventstoredb/timing.ts';
import type { AppendOptions, AppendOutcome, EventLog } from './port.ts';

export interface EventStoreLogOptions {
  /** `esdb://[user:password@]host[:port]?tls=...`; see docs/running.md. */
  readonly url: string;
  readonly timeouts?: Partial<Timeouts>;
  /** Told about every lost subscription and every append whose outcome is unknown. */
  readonly report?: (problem: { readonly message: string; readonly error?: unknown }) => void;
  /** For tests: how time passes, and the jitter of retries. */
  readonly schedule?: Schedule;
  readonly random?: () => number;
}

/**
 * The event log on EventStoreDB 23.10 or later, through @eventstore/db-client 6.2.1. This file and its folder are the only
 * ones that know the faults of that client; test/events/log/eventstoredb.*.test.ts have one test for each.
 * Throws InvalidConnectionString; connects with the first call.
 */
export function openEventStoreLog(options: EventStoreLogOptions): EventLog {
  // Appends and reads must not wait behind the long calls of subscriptions: a connection carries 100 calls at most.
  const commands = openConnection(options.url);
  const subscriptions = openConnection(options.url);
  const closing = new AbortController();
  // Every call under way listens; hundreds are no leak.
  setMaxListeners(0, closing.signal);
  const session: Session = {
    timeouts: { ...defaultTimeouts, ...options.timeouts },
    schedule: options.schedule ?? clockSchedule,
    random: options.random ?? Math.random,
    report: options.report ?? (() => undefined),
    closed: closing.signal,
  };
  return {
    append: (stream, events, o) => append(session, commands, stream, events, o),
    readStream: (stream, o = {}) => readStream(session, commands, stream, o),
    subscribe: (o) => subscription(session, subscriptions, o),
    head: () => head(session, commands.client(), [session.closed]),
    async close() {
      closing.abort(new Error('The event log was closed'));
      commands.close();
      subscriptions.close();
    },
  };
}

async function append(
  session: Session,
  connection: Connection,
  stream: string,
  events: readonly NewEvent[],
  { expected, signal }: AppendOptions,
): Promise<AppendOutcome> {
  const encoded = encodeEvents(stream, events);
  const expectedRevision = expectedBy(expected);
  session.closed.throwIfAborted();
  signal?.throwIfAborted();
  const client = connection.client();
  const milliseconds = session.timeouts.append;
  const bound = {
    what: `append to ${stream}`,
    milliseconds,
    schedule: session.schedule,
    signals: signal ? [session.closed, signal] : [session.closed],
  };
  try {
    const sent = client.appendToStream(stream, encoded, { expectedRevision, deadline: milliseconds });
    const { nextExpectedRevision, position } = await within(bound, sent);
    if (!position) throw new Error('EventStoreDB confirmed an append without its position');
    return { kind: 'appended', revision: Number(nextExpectedRevision), position: encodePosition(position) };
  } catch (error) {
    if (error instanceof WrongExpectedVersionError) return { kind: 'conflict', actual: actualRevision(error) };
    // Anything else may have happened before or after the server stored the events.
    connection.renew(client);
    const cause = error instanceof Error ? error : new Error(String(error));
    session.report({ message: `The outcome of an append to ${stream} is unknown: ${cause.message}`, error: cause });
    return { kind: 'unknown', cause };
  }
}

function expectedBy(expected: AppendOptions['expected']): 'no_stream' | bigint {
  if (expected === 'no-stream') return 'no_stream';
  if (!Number.isSafeInteger(expected) || expected < 0) throw new RangeError(`${expected} is not a revision`);
  return BigInt(expected);
}

function actualRevision({ actualVersion }: WrongExpectedVersionError): number | 'no-stream' {
  return typeof actualVersion === 'bigint' && actualVersion >= 0n ? Number(actualVersion) : 'no-stream';
}
