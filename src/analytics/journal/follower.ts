import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { Position } from '../../events/envelope.ts';
import { type RawEvent, rawFrom } from '../../events/log/bulk.ts';
import type { EventLog } from '../../events/log/port.ts';
import { agrees } from './agreement.ts';
import { type FolderOptions, JournalFolder } from './folder.ts';
import { OpenColumns } from './open-columns.ts';
import type { Holdings } from './reading.ts';
import type { JournalState } from './standing.ts';
import { DamagedSegment, lastIn } from './view.ts';

export interface FollowerOptions extends FolderOptions {
  readonly log: EventLog;
  /** Milliseconds before the first retry; doubled for each further one, up to a hundred times this. */
  readonly retryMs: number;
  /** After every piece that was taken in, and when the state changes. */
  readonly onProgress: () => void;
}

/** Writes the log into the folder, for as long as it is told to, whatever fails meanwhile. */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #stop = new AbortController();
  #restart = new AbortController();
  #folder: JournalFolder;
  #tail: OpenColumns;
  #damaged: number | undefined;
  #suspect = false;
  #isChecked = false;
  #waiting: (() => void)[] = [];
  #attempt = 0;
  #running: Promise<void> | undefined;
  state: JournalState = { kind: 'stopped' };

  private constructor(options: FollowerOptions, folder: JournalFolder) {
    this.#options = options;
    this.#folder = folder;
    this.#tail = this.#freshTail();
  }

  static async open(options: FollowerOptions): Promise<Follower> {
    return new Follower(options, await JournalFolder.open(options));
  }

  get holdings(): Holdings {
    const { view } = this.#folder;
    const { last } = this.#tail;
    // While a batch is being written it is in the tail, then in both.
    const more = last !== undefined && last > (lastIn(view) ?? '');
    return { view, tail: more ? this.#tail.snapshot() : undefined };
  }

  get position(): Position | 'start' {
    return this.#tail.last ?? lastIn(this.#folder.view) ?? 'start';
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when the files were compared with the log; before that nobody knows whose they are. */
  checked(): Promise<void> {
    return this.#when(() => this.#isChecked);
  }

  /** Resolves when the journal holds what the log holds now. */
  async caughtUp(): Promise<void> {
    const head = await this.#options.log.head();
    await this.#when(() => this.state.kind === 'live' && (head === 'start' || this.position >= head));
  }

  /** The segment of that number is not as it was written: it and what follows is written again from the log. */
  distrust(number: number): void {
    if (number > this.#folder.view.segments.length + 1) return;
    this.#damaged = Math.min(number, this.#damaged ?? number);
    this.#tell({ kind: 'checking' });
    this.#restart.abort();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#keepTail();
    await this.#folder.close();
    this.#tell({ kind: 'stopped' });
  }

  /** Only to spare the next start some reading. */
  async #keepTail(): Promise<void> {
    if (!this.#isChecked || this.#suspect || this.#damaged !== undefined) return;
    try {
      await this.#flush();
    } catch (error) {
      this.#options.report({ message: 'The last events were not written into the journal; the log has them', error });
    }
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#restart = new AbortController();
      try {
        await this.#session(AbortSignal.any([this.#stop.signal, this.#restart.signal]));
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        if (!this.#restart.signal.aborted) await this.#interrupted(error);
      }
    }
  }

  async #interrupted(error: unknown): Promise<void> {
    const { retryMs, report } = this.#options;
    this.#attempt += 1;
    const longest = retryMs * Math.min(100, 2 ** (this.#attempt - 1));
    const delayMs = Math.round(longest * (0.5 + Math.random() / 2));
    const cause = error instanceof Error ? error.message : String(error);
    this.#tell({ kind: 'retrying', attempt: this.#attempt, cause, delayMs });
    report({ message: `The journal was interrupted; attempt ${this.#attempt} follows in ${delayMs} ms`, error });
    await sleep(delayMs, undefined, { signal: this.#stop.signal }).catch(() => {});
  }

  async #session(signal: AbortSignal): Promise<void> {
    const { log, report } = this.#options;
    this.#tell({ kind: 'checking' });
    await this.#mend();
    if (!(await this.#agreed(signal))) {
      report({
        message: 'The journal is not of this log, or the log was set back; it is written again from the beginning',
      });
      await this.#cutFrom(1);
    }
    this.#isChecked = true;
    this.#tell({ kind: 'catching-up' });
    if (log.bulk) {
      for await (const events of log.bulk({ after: this.position, signal })) {
        for (const event of events) await this.#take(event);
        this.#progressed();
        await turn();
      }
    }
    for await (const message of log.subscribe({ after: this.position, signal })) {
      if (message.kind === 'event') await this.#take(rawFrom(message.event));
      else if (message.kind === 'caught-up') this.#tell({ kind: 'live' });
      this.#progressed();
    }
    signal.throwIfAborted();
    throw new Error('The subscription to the event log ended');
  }

  async #agreed(signal: AbortSignal): Promise<boolean> {
    try {
      return await agrees(this.#folder.view, this.#options.log, signal);
    } catch (error) {
      if (!(error instanceof DamagedSegment)) throw error;
      this.#options.report({ message: `${error.message}; it is written again from the log, from there on`, error });
      await this.#cutFrom(error.number);
      return this.#agreed(signal);
    }
  }

  /** When writing failed, the files decide what is there. */
  async #mend(): Promise<void> {
    if (this.#suspect) {
      await this.#folder.close();
      this.#folder = await JournalFolder.open(this.#options);
      this.#tail = this.#freshTail();
      this.#suspect = false;
    }
    if (this.#damaged !== undefined) await this.#cutFrom(this.#damaged);
  }

  async #cutFrom(number: number): Promise<void> {
    await this.#writing(() => this.#folder.cutFrom(number));
    this.#damaged = undefined;
  }

  async #take(event: RawEvent): Promise<void> {
    if (!this.#tail.knows(event.type)) {
      await this.#flush();
      await this.#writing(() => this.#folder.learn(event.type));
    }
    this.#tail.append(event);
    const { batchEvents, batchBytes } = this.#options.limits;
    if (this.#tail.events >= batchEvents || this.#tail.bytes >= batchBytes) await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#tail.events === 0) return;
    await this.#writing(() => this.#folder.append(this.#tail.snapshot()));
  }

  /** The tail is in the files afterwards, or gone with them. */
  async #writing(work: () => Promise<void>): Promise<void> {
    this.#suspect = true;
    await work();
    this.#suspect = false;
    this.#tail = this.#freshTail();
    this.#changed();
  }

  #freshTail(): OpenColumns {
    return new OpenColumns(this.#folder.words, this.#options.limits.batchEvents);
  }

  #progressed(): void {
    this.#attempt = 0;
    this.#changed();
  }

  #tell(state: JournalState): void {
    this.state = state;
    this.#changed();
  }

  #changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const look of waiting) look();
    this.#options.onProgress();
  }

  /** Never, when the follower is closed before. */
  #when(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (holds()) resolve();
        else this.#waiting.push(look);
      };
      look();
    });
  }
}
