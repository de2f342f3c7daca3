import { EventStoreDBClient } from '@eventstore/db-client';
import { InvalidConnectionString, parseConnectionString } from './connection-string.ts';

/** One TCP connection to EventStoreDB, replaced when it is in doubt. */
export interface Connection {
  client(): EventStoreDBClient;
  /** Replaces `failed` by a new client on a new TCP connection. Does nothing if that already happened. */
  renew(failed: EventStoreDBClient): void;
  close(): void;
}

/** What the adapter needs of the client's inside: a way to its channel, and a say in which append protocol it uses. */
interface Inside {
  getChannel(): Promise<{ close(): void }>;
  supports(): Promise<boolean>;
}

const shortestKeepAlive = 10_000;
const keepAlives = 5_000;
let connections = 0;

/** Opens nothing yet: the client connects with its first call. Throws InvalidConnectionString. */
export function openConnection(url: string): Connection {
  const complete = parseConnectionString(url);
  let current = connect(complete);
  return {
    client: () => current,
    renew(failed) {
      if (failed !== current) return;
      current = connect(complete);
      retire(failed);
    },
    close: () => retire(current),
  };
}

/**
 * Clients with equal options share one TCP connection, in the whole process, also a broken one. A keep-alive interval that
 * nobody else has (10 to 15 s) gives each its own.
 */
function connect(complete: (keepAliveInterval: number) => string): EventStoreDBClient {
  connections = (connections + 1) % keepAlives;
  let client: EventStoreDBClient;
  try {
    client = EventStoreDBClient.connectionString(complete(shortestKeepAlive + connections));
  } catch (error) {
    const file = error instanceof Error && /^Failed to load|^userCertFile/.test(error.message);
    throw new InvalidConnectionString(file ? `names a file that is not there: ${error.message}` : 'cannot be read');
  }
  // Append by one call each. The batch protocol ignores deadlines, hangs when the server ends its stream, and shares its
  // table of promises among all clients of the process, so that one client's failure rejects another's success.
  inside(client).supports = async () => false;
  return client;
}

/** Calls that are under way go on; the TCP connection goes with the last of them. `dispose` would wait, perhaps for ever. */
function retire(client: EventStoreDBClient): void {
  inside(client)
    .getChannel()
    .then(
      (channel) => channel.close(),
      () => undefined,
    );
}

function inside(client: EventStoreDBClient): Inside {
  return client as unknown as Inside;
}
