import type { Database } from '../../../database/database.ts';
import type { Position } from '../../envelope.ts';
import type { LogMessage, SubscribeOptions } from '../port.ts';
import { isMoreBeyond, type Page, Pages } from './pages.ts';
import { placeOf } from './rows.ts';
import { unlessAborted, Wake } from './wake.ts';

/** A notification usually comes first; this is how late an event can be when notifications do not arrive. */
const pollMs = 1_000;
/** Pauses while an older transaction holds events back, and after failures: from, to. */
const heldBackMs = [5, 200] as const;
const retryMs = [100, 10_000] as const;
/** Events held back for so long are reported: readers stand still, and only an operator can find out why. */
const heldBackTooLongMs = 30_000;
const heldBackTooLong =
  'Appended events cannot be read yet: a transaction that began before them has been running for more than 30 seconds ' +
  '(see pg_stat_activity), or this database was restored from a dump of another server';

export interface TailOptions extends SubscribeOptions {
  /** Calls `ring` after appends; returns the way to stop. */
  readonly onAppended: (ring: () => void) => () => void;
  readonly report: (problem: { message: string; error?: unknown }) => void;
}

/** The subscription of the port: page after page while there is a backlog, then live. */
export async function* tail(database: Database, options: TailOptions): AsyncGenerator<LogMessage, void, undefined> {
  placeOf(options.after); // a position of another log is an error at once, not something to try again
  const source = new Source(database, options);
  let position = options.after;
  let announced: Position | 'start' | undefined;
  try {
    for (;;) {
      const page = await source.next(position);
      if (!page) return;
      for (const event of page.events) {
        yield { kind: 'event', event };
        if (options.signal.aborted) return;
      }
      position = page.end;
      if (page.full) {
        if (page.events.at(-1)?.position !== position) yield { kind: 'progress', position: position as Position };
        continue;
      }
      if (announced !== position) yield { kind: 'caught-up', position };
      await source.pause(position, announced !== position);
      announced = position;
    }
  } finally {
    source.close();
  }
}

/** Pages with one read ahead, retried for as long as it takes. */
class Source {
  readonly #database: Database;
  readonly #options: TailOptions;
  readonly #pages: Pages;
  readonly #wake = new Wake();
  readonly #stopListening: () => void;
  #ahead: Promise<Page> | undefined;
  #heldBack: number = heldBackMs[0];
  #heldBackSince: number | undefined;

  constructor(database: Database, options: TailOptions) {
    this.#database = database;
    this.#options = options;
    this.#pages = new Pages(database, options.types);
    this.#stopListening = options.onAppended(this.#wake.ring);
    options.signal.addEventListener('abort', this.#wake.ring);
  }

  /** The page after `position`; undefined once the subscription was aborted. */
  async next(position: Position | 'start'): Promise<Page | undefined> {
    const { signal, report } = this.#options;
    for (let pause: number = retryMs[0]; !signal.aborted; pause = Math.min(pause * 1.5, retryMs[1])) {
      try {
        const page = await unlessAborted(this.#ahead ?? this.#pages.after(position), signal);
        this.#ahead = page.full ? this.#pages.after(page.end) : undefined;
        this.#ahead?.catch(() => {}); // seen when its turn comes, which it may never do
        return page;
      } catch (error) {
        this.#ahead = undefined;
        if (signal.aborted) return undefined;
        report({ message: 'Reading the event log failed; it will be tried again', error });
        await this.#wake.wait(pause * (0.5 + Math.random() / 2));
      }
    }
    return undefined;
  }

  /** Until there may be more to read. */
  async pause(position: Position | 'start', moved: boolean): Promise<void> {
    // A failure here is met again, and reported, by the next read.
    const beyond = await unlessAborted(isMoreBeyond(this.#database, position), this.#options.signal).catch(() => false);
    if (!beyond || moved) {
      this.#heldBack = heldBackMs[0];
      this.#heldBackSince = undefined;
    }
    if (!beyond) return this.#wake.wait(pollMs);
    this.#noticeHeldBack();
    await this.#wake.wait(this.#heldBack);
    this.#heldBack = Math.min(this.#heldBack * 2, heldBackMs[1]);
  }

  #noticeHeldBack(): void {
    const now = performance.now();
    this.#heldBackSince ??= now;
    if (now - this.#heldBackSince < heldBackTooLongMs) return;
    this.#options.report({ message: heldBackTooLong });
    this.#heldBackSince = now;
  }

  close(): void {
    this.#stopListening();
    this.#options.signal.removeEventListener('abort', this.#wake.ring);
  }
}
