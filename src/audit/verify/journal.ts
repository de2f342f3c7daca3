import type { RawEvent } from '../../events/log/bulk.ts';
import { digestOf } from '../digest.ts';
import type { Finding } from './findings.ts';

/** The local copy of the log, as its files say it. */
export interface JournalCopy {
  /** In order. Throws when a file cannot be read as it was written. */
  events(): AsyncIterable<Iterable<RawEvent>>;
  /** What is wrong with the files themselves. */
  damage(): AsyncIterable<string>;
}

/** Walks through the copy beside the log, event by event. */
export class JournalWalk {
  readonly #events: AsyncIterator<Iterable<RawEvent>>;
  readonly #add: (finding: Finding) => void;
  #batch: Iterator<RawEvent> | undefined;
  #next: RawEvent | undefined;
  #over = false;

  constructor(copy: JournalCopy, add: (finding: Finding) => void) {
    this.#events = copy.events()[Symbol.asyncIterator]();
    this.#add = add;
  }

  /** Events of the log, in order. */
  async compare(events: readonly RawEvent[]): Promise<void> {
    for (const event of events) {
      let next = this.#over ? undefined : (this.#next ?? (await this.#advance()));
      for (; next && next.position < event.position; next = await this.#advance()) this.#surplus(next);
      if (!next) return; // the copy ends here; it may be behind
      if (next.position > event.position) {
        this.#differs(event, 'the journal does not have it');
        continue;
      }
      const what = unlike(event, next);
      if (what) this.#differs(event, `the journal has other ${what}`);
      this.#next = undefined;
    }
  }

  /** After the last event of the log. */
  async end(): Promise<void> {
    for (let next = this.#next ?? (await this.#advance()); next; next = await this.#advance()) this.#surplus(next);
    await this.#events.return?.();
  }

  #surplus(event: RawEvent): void {
    this.#differs(event, 'the journal has it, and the log does not');
  }

  #differs({ stream, revision, position }: RawEvent, detail: string): void {
    this.#add({ kind: 'journal-differs', stream, revision, position, detail });
  }

  async #advance(): Promise<RawEvent | undefined> {
    this.#next = undefined;
    while (!this.#over) {
      const step = this.#batch?.next();
      if (step && !step.done) {
        this.#next = step.value;
        return step.value;
      }
      await this.#turnPage();
    }
    return undefined;
  }

  async #turnPage(): Promise<void> {
    try {
      const page = await this.#events.next();
      if (page.done) this.#over = true;
      else this.#batch = page.value[Symbol.iterator]();
    } catch (error) {
      this.#over = true;
      this.#add({ kind: 'journal-damaged', detail: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** What is not the same in both; JSON is the same when it says the same. */
function unlike(a: RawEvent, b: RawEvent): string | undefined {
  if (a.stream !== b.stream || a.revision !== b.revision || a.eventId !== b.eventId || a.type !== b.type) {
    return `stream, revision, id or type (${b.type} at revision ${b.revision} of ${b.stream})`;
  }
  const sameColumns =
    a.orderNo === b.orderNo && a.lineNo === b.lineNo && a.occurredAt === b.occurredAt && a.recordedAt === b.recordedAt;
  if (!sameColumns) return 'columns';
  if (Buffer.compare(a.data, b.data) === 0 && Buffer.compare(a.metadata, b.metadata) === 0) return undefined;
  const [one, other] = [digestOf(a), digestOf(b)];
  if ('unreadable' in one || 'unreadable' in other) return 'data or metadata';
  if (one.leaf.equals(other.leaf)) return undefined;
  return one.place.data === other.place.data ? 'metadata' : 'data';
}
