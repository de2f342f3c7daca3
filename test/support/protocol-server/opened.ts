import { onTestFinished } from 'vitest';
import type { NewEvent } from '../../../src/events/envelope.ts';
import { type EventStoreLogOptions, openEventStoreLog } from '../../../src/events/log/eventstoredb.ts';
import type { EventLog } from '../../../src/events/log/port.ts';
import { type ProtocolServer, type ProtocolServerOptions, startProtocolServer } from './server.ts';
import type { ProposedEvent } from './store.ts';

/** A protocol server and a log on it, both closed when the test is over. */
export async function openOnProtocolServer(
  options: Omit<EventStoreLogOptions, 'url'> = {},
  serverOptions: ProtocolServerOptions = {},
): Promise<{ server: ProtocolServer; log: EventLog; another: () => EventLog }> {
  const server = await startProtocolServer(serverOptions);
  const logs: EventLog[] = [];
  const another = () => {
    const log = openEventStoreLog({ url: server.url, ...options });
    logs.push(log);
    return log;
  };
  onTestFinished(async () => {
    await Promise.all(logs.map((log) => log.close()));
    await server.stop();
  });
  return { server, log: another(), another };
}

/** Events as they arrive at the server when the adapter appends them. */
export function asProposed(events: readonly NewEvent[]): ProposedEvent[] {
  const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  return events.map(({ eventId, type, data, metadata }) => ({
    id: eventId,
    type,
    contentType: 'application/json',
    data: bytes(data),
    metadata: bytes(metadata),
  }));
}
