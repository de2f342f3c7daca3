import { join } from 'node:path';
import type { Position, Recorded } from '../../events/envelope.ts';
import { inSlices } from '../../events/slices.ts';
import { applyRows } from '../facts/apply.ts';
import type { ChangeColumns } from '../facts/changes/change-columns.ts';
import type { Mark } from '../facts/changes/change-file.ts';
import { ChangeWriter } from '../facts/changes/change-writer.ts';
import { copyOf } from '../facts/copy.ts';
import { FoldedFacts } from '../facts/facts.ts';
import { settleAll } from '../facts/fold.ts';
import { roomFor, roomForAll, rowsOf } from '../facts/room.ts';
import type { Report } from '../source.ts';
import { ChangeFiles } from './change-files.ts';
import { Checkpoints } from './checkpoints.ts';
import { applyKnown, KnownBy } from './known-by.ts';
import { countUpTo, positionAt } from './positions.ts';

export interface HistoryOptions {
  readonly directory: string;
  /** False: the files are only read, another process writes them. */
  readonly writes: boolean;
  readonly report: Report;
  readonly limits?: Partial<HistoryLimits>;
}

export interface HistoryLimits {
  /** A file is complete with so many events. */
  readonly fileEvents: number;
  /** Facts are kept after so many events, */
  readonly checkpointEvents: number;
  /** and at the end, if so many came since. */
  readonly lastCheckpointEvents: number;
}

const usual: HistoryLimits = { fileEvents: 2 ** 20, checkpointEvents: 2 ** 23, lastCheckpointEvents: 2 ** 17 };
const rowsPerStep = 2_048;

/**
 * What every event of the log means for the facts, kept as columns in files, and the facts themselves at some moments: so facts
 * of now and of the past come without reading the events again. Derived; deleted, damaged or of another version, it is made anew.
 */
export class History {
  readonly #options: HistoryOptions;
  readonly #limits: HistoryLimits;
  readonly #files: ChangeFiles;
  readonly #checkpoints: Checkpoints;
  #changes: ChangeWriter;
  #last: Mark | undefined;

  private constructor(options: HistoryOptions, files: ChangeFiles, checkpoints: Checkpoints) {
    this.#options = options;
    this.#limits = { ...usual, ...options.limits };
    this.#files = files;
    this.#checkpoints = checkpoints;
    this.#changes = new ChangeWriter(files.events);
  }

  static async open(options: HistoryOptions): Promise<History> {
    const files = await ChangeFiles.open(join(options.directory, 'changes'));
    const checkpoints = await Checkpoints.open(join(options.directory, 'checkpoints'));
    return new History(options, files, checkpoints);
  }

  /** The last event that the files tell of: while it is in the log, they are of this log. */
  get last(): Mark | undefined {
    return this.#files.heads.at(-1)?.last;
  }

  /** Where events that are folded next leave their changes. */
  get changes(): ChangeWriter {
    return this.#changes;
  }

  /** The facts as far as the files tell; what is damaged, and what follows it, is left out. */
  async restored(): Promise<FoldedFacts> {
    for (;;) {
      const { events } = this.#files;
      const facts = (await this.#checkpoints.before(events)) ?? new FoldedFacts();
      try {
        await this.#apply(facts, events);
        await this.#resume();
        facts.position = this.last?.position ?? 'start';
        return facts;
      } catch (error) {
        await this.#cut(error);
      }
    }
  }

  /** Everything is forgotten: it is of another log. */
  async forget(): Promise<void> {
    this.#files.cutFrom(0);
    this.#changes = new ChangeWriter(0);
    this.#last = undefined;
    if (!this.#options.writes) return;
    await this.#files.removeOthers();
    await this.#checkpoints.cutFrom(0);
  }

  /** Tells which event was folded last. */
  folded({ position, eventId, metadata }: Recorded, before: Position | 'start'): void {
    this.#last = { position, before, eventId, hash: metadata.hash };
  }

  /** Writes what is due. The facts must be settled, and must not change until it is done. */
  async keep(facts: FoldedFacts, isEnd = false): Promise<void> {
    const { fileEvents, checkpointEvents, lastCheckpointEvents } = this.#limits;
    const isFull = this.#changes.events >= fileEvents;
    if (!this.#last || !this.#options.writes || !(isFull || isEnd)) return;
    if (facts.events > this.#files.events) {
      const rows = rowsOf(facts).map(({ count }) => count);
      await this.#files.write(this.#changes.columns(), { last: this.#last, rows });
    }
    const since = facts.events - this.#checkpoints.newest;
    if (since >= (isEnd ? lastCheckpointEvents : checkpointEvents)) await this.#checkpoints.write(facts);
    if (isFull) this.#changes = new ChangeWriter(facts.events);
  }

  /** Facts of the first so many events. `from` are facts of fewer, and stay as they are. */
  async upTo(position: Position, from?: FoldedFacts): Promise<FoldedFacts> {
    const events = await this.#countUpTo(position);
    const nearest = await this.#checkpoints.before(events);
    const known = from && from.events <= events && from.events >= (nearest?.events ?? 0) ? from : undefined;
    const facts = known ? await inSlices(copyOf(known)) : (nearest ?? new FoldedFacts());
    await this.#apply(facts, events);
    facts.position = await this.#positionAt(events - 1);
    return facts;
  }

  /** Facts of those of the first so many events that were known by the instant: of each stream what lies before its first event recorded later. */
  async knownBy(instant: string, upTo: Position): Promise<FoldedFacts> {
    const end = Date.parse(instant);
    const events = await this.#countUpTo(upTo);
    const facts = (await this.#checkpoints.before(events, end)) ?? new FoldedFacts();
    const known = new KnownBy(end, facts.orders.count);
    let last = -1;
    await this.#eachPiece(facts, events, (columns, from, to) => {
      last = Math.max(last, applyKnown(facts, known, columns, { from, to }));
    });
    await inSlices(settleAll(facts));
    if (last >= 0) facts.position = await this.#positionAt(last);
    return facts;
  }

  async #apply(facts: FoldedFacts, events: number): Promise<void> {
    await this.#eachPiece(facts, events, (columns, from, to) => applyRows(facts, columns, from, to));
    await inSlices(settleAll(facts));
  }

  /** Goes over the events after those of the facts up to a number (exclusive), in steps that are short. */
  async #eachPiece(
    facts: FoldedFacts,
    end: number,
    take: (columns: ChangeColumns, from: number, to: number) => void,
  ): Promise<void> {
    const first = facts.events;
    const known = this.#files.heads.filter((head) => head.first < end).at(-1);
    if (known && known.first + known.events > first) await inSlices(roomForAll(facts, known.rows, rowsPerStep));
    for await (const columns of this.#columnsOf(first, end)) {
      const [from, to] = [Math.max(0, first - columns.first), Math.min(columns.events, end - columns.first)];
      await inSlices(steps(facts, columns, { from, to }, take));
    }
  }

  async *#columnsOf(first: number, end: number, positions = false): AsyncGenerator<ChangeColumns> {
    const changes = this.#changes;
    for (const [index, head] of this.#files.heads.entries()) {
      if (head.first + head.events <= first || head.first >= Math.min(end, changes.first)) continue;
      try {
        yield await this.#files.read(index, positions);
      } catch (cause) {
        throw new BrokenFile(index, cause);
      }
    }
    if (changes.first < end) yield changes.columns();
  }

  /** Events up to a position, itself included. */
  async #countUpTo(position: Position): Promise<number> {
    const head = this.#files.heads.find(({ last }) => last.position >= position);
    const isInFile = head !== undefined && head.first < this.#changes.first;
    const first = isInFile ? head.first : this.#changes.first;
    for await (const columns of this.#columnsOf(first, first + 1, true)) return countUpTo(columns, position);
    return first;
  }

  async #positionAt(event: number): Promise<Position | 'start'> {
    if (event < 0) return 'start';
    for await (const columns of this.#columnsOf(event, event + 1, true)) return positionAt(columns, event);
    return 'start';
  }

  /** The last file is gone on with while it is not complete. */
  async #resume(): Promise<void> {
    const head = this.#files.heads.at(-1);
    if (!head || head.events >= this.#limits.fileEvents) {
      this.#changes = new ChangeWriter(this.#files.events);
      return;
    }
    const index = this.#files.count - 1;
    try {
      this.#changes = ChangeWriter.over(await this.#files.read(index, true));
      this.#last = head.last;
    } catch (cause) {
      throw new BrokenFile(index, cause);
    }
  }

  async #cut(error: unknown): Promise<void> {
    if (!(error instanceof BrokenFile)) throw error;
    const message = `${error.message}; the events from there on are folded again`;
    this.#options.report({ code: 'analytics-history-damaged', message, cause: error });
    this.#files.cutFrom(error.index);
    if (this.#options.writes) await this.#checkpoints.cutFrom(this.#files.events + 1);
  }
}

function* steps(
  facts: FoldedFacts,
  columns: ChangeColumns,
  { from, to }: { readonly from: number; readonly to: number },
  take: (columns: ChangeColumns, from: number, to: number) => void,
): Generator<void> {
  for (let at = from; at < to; at += rowsPerStep) {
    yield* roomFor(facts, rowsPerStep);
    take(columns, at, Math.min(to, at + rowsPerStep));
    yield;
  }
}

class BrokenFile extends Error {
  override readonly name = 'BrokenFile';
  readonly index: number;
  constructor(index: number, cause: unknown) {
    super(`File ${index + 1} of the changes cannot be read: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
    this.index = index;
  }
}
