import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoldedFacts } from '../facts/facts.ts';
import { ifWhole, namesIn } from './change-files.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';

const named = /^(\d{15})-(\d{15}|none)\.facts$/;

interface Known {
  readonly name: string;
  readonly events: number;
  /** Latest time of recording, epoch milliseconds. */
  readonly recordedAt: number;
}

/** Facts at some moments, in files named after the number of events and the latest recording. */
export class Checkpoints {
  readonly #directory: string;
  #known: readonly Known[] = [];

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async open(directory: string): Promise<Checkpoints> {
    const checkpoints = new Checkpoints(directory);
    checkpoints.#known = (await namesIn(directory)).sort().flatMap((name) => knownBy(name));
    return checkpoints;
  }

  /** Events of the newest one; 0 where there is none. */
  get newest(): number {
    return this.#known.at(-1)?.events ?? 0;
  }

  /** The newest facts with at most so many events, all recorded by the time. Damaged ones are passed over. */
  async before(events: number, recordedBy = Number.POSITIVE_INFINITY): Promise<FoldedFacts | undefined> {
    const fitting = this.#known.filter((one) => one.events <= events && one.recordedAt <= recordedBy);
    for (const { name } of fitting.reverse()) {
      const facts = await ifWhole(() => readCheckpoint(join(this.#directory, name)));
      if (facts) return facts;
    }
    return undefined;
  }

  /** The facts must be settled, and must not change until it is done. */
  async write(facts: FoldedFacts): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    const recordedAt = Number.isNaN(facts.recordedAt) ? 'none' : digits(facts.recordedAt);
    const [one] = knownBy(`${digits(facts.events)}-${recordedAt}.facts`);
    if (!one) return;
    await writeCheckpoint(join(this.#directory, one.name), facts);
    this.#known = [...this.#known.filter(({ events }) => events < facts.events), one];
    await this.#thinOut();
  }

  /** Those that do not belong to the log, from so many events on. */
  async cutFrom(events: number): Promise<void> {
    this.#known = this.#known.filter((one) => one.events < events);
    await this.#removeOthers();
  }

  /** The newest stay, and before them ever fewer: of those as far away as from two to four of the newest, one, and so on. */
  async #thinOut(): Promise<void> {
    const newest = this.newest;
    const ages = new Set<number>();
    const kept = [...this.#known].reverse().filter(({ events }, at) => {
      const age = Math.floor(Math.log2(Math.max(1, newest - events)));
      const keeps = at < 2 || !ages.has(age);
      ages.add(age);
      return keeps;
    });
    this.#known = kept.reverse();
    await this.#removeOthers();
  }

  async #removeOthers(): Promise<void> {
    const kept = new Set(this.#known.map(({ name }) => name));
    for (const name of await namesIn(this.#directory))
      if (!kept.has(name)) await rm(join(this.#directory, name), { force: true });
  }
}

const digits = (value: number): string => String(Math.max(0, value)).padStart(15, '0');

function knownBy(name: string): Known[] {
  const [, events, recordedAt] = named.exec(name) ?? [];
  if (events === undefined) return [];
  return [{ name, events: Number(events), recordedAt: recordedAt === 'none' ? 0 : Number(recordedAt) }];
}
