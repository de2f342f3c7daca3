import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { Position } from '../../events/envelope.ts';
import { type RawEvent, rawFrom } from '../../events/log/bulk.ts';
import type { EventLog } from '../../events/log/port.ts';
import { digestOf } from '../digest.ts';
import { LogTree } from './log-tree.ts';
import { eventsAfter } from './reading.ts';
import { type Tile, type TileStore, tileLeaves } from './tile.ts';

export type TreeState =
  | { readonly kind: 'stopped' }
  /** Comparing the end of the kept tiles with the log. */
  | { readonly kind: 'checking' }
  | { readonly kind: 'catching-up' }
  | { readonly kind: 'live' }
  /** Interrupted; tries again by itself after `delayMs`. */
  | { readonly kind: 'retrying'; readonly attempt: number; readonly cause: string; readonly delayMs: number };

export interface FollowerOptions {
  readonly log: Pick<EventLog, 'subscribe' | 'bulk' | 'head'>;
  readonly store: TileStore;
  readonly report: (problem: { message: string; error?: unknown }) => void;
  /** Milliseconds before the first retry; doubled for each further one, up to a hundred times this. */
  readonly retryMs?: number;
}

/** The log is not the one that the kept tree was made of. */
export class TreeDisagrees extends Error {
  override readonly name = 'TreeDisagrees';
  readonly code = 'tree-disagrees';
  constructor(detail: string) {
    super(
      `The log is not what the tree over it was made of: ${detail}. The log was changed, set back or replaced: ` +
        'find out with orderfold verify. If that was right, make the tree again: orderfold checkpoint --rebuild-tree.',
    );
  }
}

/** So many tiles are written at once while there is a backlog. */
const tilesAtOnce = 16;

/**
 * Keeps the tree over the log. Only complete tiles are kept, so a restart reads again at most what fills one tile. What a tile
 * holds is decided by the log alone: several processes may follow at once, and write the same.
 */
export class TreeFollower {
  readonly #options: FollowerOptions;
  readonly #stop = new AbortController();
  #tree: LogTree;
  #position: Position | 'start' = 'start';
  #attempt = 0;
  #waiting: (() => void)[] = [];
  #running: Promise<void> | undefined;
  state: TreeState = { kind: 'stopped' };

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#tree = new LogTree(options.store);
  }

  /** Grows; another one after an interruption. */
  get tree(): LogTree {
    return this.#tree;
  }

  /** Of the last event in the tree. */
  get position(): Position | 'start' {
    return this.#position;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /**
   * Resolves when the tree has what the log has now. Rejects when it cannot: with the cause of an interruption, or when the
   * signal aborts.
   */
  async caughtUp(signal?: AbortSignal): Promise<LogTree> {
    const head = await this.#options.log.head();
    const reached = (): boolean =>
      this.state.kind === 'live' && (head === 'start' || (this.#position !== 'start' && this.#position >= head));
    while (!reached()) {
      signal?.throwIfAborted();
      if (this.#stop.signal.aborted) throw new Error('The tree over the log was closed');
      if (this.state.kind === 'retrying') throw new TreeInterrupted(this.state.cause);
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal?.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    return this.#tree;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#tell({ kind: 'stopped' });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#session(signal);
      } catch (error) {
        if (!signal.aborted) await this.#interrupted(error);
      }
    }
  }

  async #interrupted(error: unknown): Promise<void> {
    const { retryMs = 100, report } = this.#options;
    this.#attempt += 1;
    const delayMs = Math.round(retryMs * Math.min(100, 2 ** (this.#attempt - 1)) * (0.5 + Math.random() / 2));
    const cause = error instanceof Error ? error.message : String(error);
    this.#tell({ kind: 'retrying', attempt: this.#attempt, cause, delayMs });
    report({ message: `The tree over the log does not grow: ${cause}`, error });
    await sleep(delayMs, undefined, { signal: this.#stop.signal }).catch(() => {});
  }

  async #session(signal: AbortSignal): Promise<void> {
    const { log } = this.#options;
    this.#tell({ kind: 'checking' });
    await this.#load(signal);
    this.#tell({ kind: 'catching-up' });
    if (log.bulk) {
      for await (const events of log.bulk({ after: this.#position, signal })) {
        for (const event of events) this.#take(event);
        if (this.#tree.unstored.length >= tilesAtOnce) await this.#keep();
        this.#progressed();
        await turn();
      }
    }
    for await (const message of log.subscribe({ after: this.#position, signal })) {
      if (message.kind === 'event') this.#take(rawFrom(message.event));
      const full = this.#tree.unstored.length;
      if (full >= tilesAtOnce || (full > 0 && message.kind === 'caught-up')) await this.#keep();
      if (message.kind === 'caught-up') this.#tell({ kind: 'live' });
      this.#progressed();
    }
    signal.throwIfAborted();
    throw new Error('The subscription to the event log ended');
  }

  /** From the kept tiles, the last of which is compared with the log. */
  async #load(signal: AbortSignal): Promise<void> {
    const { store } = this.#options;
    const tree = new LogTree(store);
    let before: Position | 'start' = 'start';
    let last: Pick<Tile, 'root' | 'to'> | undefined;
    for await (const heads of store.heads()) {
      for (const head of heads) {
        tree.know(head.root);
        before = last?.to ?? 'start';
        last = head;
      }
    }
    // Even where the log is another one by now: what was kept still proves what it was.
    this.#tree = tree;
    this.#position = last?.to ?? 'start';
    if (last) await this.#compare(last, before, signal);
  }

  async #compare(
    { root, to }: Pick<Tile, 'root' | 'to'>,
    before: Position | 'start',
    signal: AbortSignal,
  ): Promise<void> {
    const one = new LogTree(this.#options.store);
    const enough = new AbortController();
    try {
      for await (const events of eventsAfter(this.#options.log, before, AbortSignal.any([signal, enough.signal]))) {
        for (const event of events) {
          if (one.size < tileLeaves) one.append(leafOf(event));
        }
        if (one.size === tileLeaves) break;
      }
    } finally {
      enough.abort();
    }
    const [tile] = one.unstored;
    if (tile?.to === to && tile.root.equals(root)) return;
    throw new TreeDisagrees(`the ${tileLeaves} events up to ${to} are no longer what they were`);
  }

  #take(event: RawEvent): void {
    this.#tree.append(leafOf(event));
    this.#position = event.position;
  }

  async #keep(): Promise<void> {
    const tiles = this.#tree.unstored;
    const other = await this.#options.store.put(tiles);
    if (other !== undefined) {
      const [from, to] = [other * tileLeaves, (other + 1) * tileLeaves - 1];
      throw new TreeDisagrees(`the events ${from} to ${to}, counted from 0, were others when the tree was made`);
    }
    this.#tree.stored(tiles);
  }

  #progressed(): void {
    this.#attempt = 0;
    this.#changed();
  }

  #tell(state: TreeState): void {
    this.state = state;
    this.#changed();
  }

  #changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const look of waiting) look();
  }
}

/** The tree does not have what the log has, and why. */
export class TreeInterrupted extends Error {
  override readonly name = 'TreeInterrupted';
  readonly code = 'tree-interrupted';
}

function leafOf(event: RawEvent) {
  const digest = digestOf(event);
  if ('unreadable' in digest) {
    throw new TreeDisagrees(`revision ${event.revision} of ${event.stream} cannot be read (${digest.unreadable})`);
  }
  return digest;
}
