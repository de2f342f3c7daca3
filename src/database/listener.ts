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
  tellAll(): void {
    for (const channel of this.names()) this.tell(channel, '');
  }
}

const quoted = (channel: string) => pg.escapeIdentifier(channel);

/** A connection of its own that only listens; replaced with growing pauses (0.1 to 10 s) when lost. */
export function postgresListener(
  config: pg.ClientConfig,
  report: Report,
): { listen: Database['listen']; close(): Promise<void> } {
  const channels = new Channels();
  let current: Promise<pg.Client> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let pause = 100;
  let closed = false;

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client(config);
    client.on('notification', ({ channel, payload }) => channels.tell(channel, payload ?? ''));
    client.on('error', (error) => report({ message: 'The listening database connection was lost', error }));
    client.on('end', lost);
    await client.connect();
    for (const channel of channels.names()) await client.query(`listen ${quoted(channel)}`);
    pause = 100;
    return client;
  }

  function lost(): void {
    current = undefined;
    if (closed || retry || channels.names().length === 0) return;
    retry = setTimeout(
      () => {
        retry = undefined;
        pause = Math.min(pause * 2, 10_000);
        start().then(() => channels.tellAll(), lost);
      },
      pause * (0.5 + Math.random()),
    );
  }

  function start(): Promise<pg.Client> {
    current ??= connect();
    return current;
  }

  return {
    async listen(channel, listener) {
      if (channels.add(channel, listener)) {
        const known = current;
        const client = await start().catch((error: unknown) => {
          report({ message: `Cannot listen to ${channel} yet`, error });
          lost();
        });
        if (known && client) await client.query(`listen ${quoted(channel)}`).catch(() => lost());
      }
      return async () => {
        if (!channels.remove(channel, listener)) return;
        const client = await current?.catch(() => undefined);
        await client?.query(`unlisten ${quoted(channel)}`).catch(() => lost());
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
