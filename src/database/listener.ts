import pg from 'pg';
import type { Database } from './database.ts';
import { type Report, withConnection } from './pooled.ts';

type Hear = (payload: string) => void;

/** Who listens to which channel. Shared by both ways of hearing. */
class Channels {
  readonly #listeners = new Map<string, Set<Hear>>();

  names(): string[] {
    return [...this.#listeners.keys()];
  }

  /** Returns true when this is the first listener of the channel. */
  add(channel: string, listener: Hear): boolean {
    const known = this.#listeners.get(channel);
    if (!known) this.#listeners.set(channel, new Set([listener]));
    else known.add(listener);
    return !known;
  }

  /** Returns true when nobody listens to the channel any more. */
  remove(channel: string, listener: Hear): boolean {
    const known = this.#listeners.get(channel);
    known?.delete(listener);
    return known?.size === 0 && this.#listeners.delete(channel);
  }

  tell(channel: string, payload: string): void {
    for (const listener of this.#listeners.get(channel) ?? []) listener(payload);
  }

  /** Something may have been missed. */
  tellAll = (): void => {
    for (const channel of this.names()) this.tell(channel, '');
  };
}

/** Milliseconds between attempts to connect again. */
const shortestPause = 100;
const longestPause = 10_000;

const quoted = (channel: string) => pg.escapeIdentifier(channel);

/** A connection of its own that only listens; when lost it is replaced, after pauses that grow. */
export function postgresListener(
  config: pg.ClientConfig,
  report: Report,
): { listen: Database['listen']; close(): Promise<void> } {
  const channels = new Channels();
  let current: Promise<pg.Client> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let pause = shortestPause;
  let closed = false;

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client(config);
    client.on('notification', ({ channel, payload }) => channels.tell(channel, payload ?? ''));
    client.on('error', (error) => report({ message: 'The listening database connection was lost', error }));
    await client.connect();
    for (const channel of channels.names()) await client.query(`listen ${quoted(channel)}`);
    return client;
  }

  /** The connection there is, or a new one. When it is lost, another is tried until nobody listens any more. */
  function start(): Promise<pg.Client> {
    if (current) return current;
    const connecting = connect();
    current = connecting;
    const lost = () => {
      if (current !== connecting) return;
      current = undefined;
      if (closed || channels.names().length === 0) return;
      retry = setTimeout(() => void start().then(channels.tellAll, () => {}), pause * (0.5 + Math.random() / 2));
      pause = Math.min(pause * 2, longestPause);
    };
    connecting.then((client) => {
      pause = shortestPause;
      client.on('end', lost);
    }, lost);
    return connecting;
  }

  return {
    async listen(channel, listener) {
      if (channels.add(channel, listener)) {
        const known = current;
        try {
          const client = await start();
          if (known) await client.query(`listen ${quoted(channel)}`);
        } catch (error) {
          report({ message: `Cannot listen to ${channel} yet; it will be tried again`, error });
        }
      }
      return async () => {
        if (!channels.remove(channel, listener)) return;
        const client = await current?.catch(() => undefined);
        await client?.query(`unlisten ${quoted(channel)}`).catch(() => {}); // lost: then it listens to nothing anyway
      };
    },
    async close() {
      closed = true;
      clearTimeout(retry);
      const client = await current?.catch(() => undefined);
      await client?.end();
    },
  };
}

/** Hears on the connections of the pool itself: PGlite has one session, which delivers with the answer to its next statement. */
export function pooledListener(pool: pg.Pool): { listen: Database['listen'] } {
  const channels = new Channels();
  pool.on('connect', (client) => {
    client.on('notification', ({ channel, payload }) => channels.tell(channel, payload ?? ''));
    // Queued in front of whatever the connection was opened for.
    for (const channel of channels.names()) client.query(`listen ${quoted(channel)}`).catch(() => {});
    channels.tellAll();
  });
  const run = (sql: string) => withConnection(pool, async (client) => void (await client.query(sql)));
  return {
    async listen(channel, listener) {
      if (channels.add(channel, listener)) await run(`listen ${quoted(channel)}`);
      return async () => {
        if (channels.remove(channel, listener)) await run(`unlisten ${quoted(channel)}`);
      };
    },
  };
}
