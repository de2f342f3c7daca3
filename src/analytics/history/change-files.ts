import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChangeColumns } from '../facts/changes/change-columns.ts';
import { type ChangeFileHead, headOf, readChanges, writeChanges } from '../facts/changes/change-file.ts';
import { DamagedFile } from '../journal/decoding.ts';

/** The files of the changes, each going on where the one before ends. */
export class ChangeFiles {
  readonly #directory: string;
  #heads: ChangeFileHead[] = [];

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Takes the files from the first one up to the first that is missing, damaged at its head, or of another version. */
  static async open(directory: string): Promise<ChangeFiles> {
    const files = new ChangeFiles(directory);
    for (;;) {
      const head = await ifWhole(() => headOf(files.#path(files.#heads.length)));
      if (!head || head.first !== files.events) return files;
      files.#heads.push(head);
    }
  }

  get count(): number {
    return this.#heads.length;
  }

  /** Events of the log that they tell of. */
  get events(): number {
    const last = this.#heads.at(-1);
    return last ? last.first + last.events : 0;
  }

  get heads(): readonly ChangeFileHead[] {
    return this.#heads;
  }

  /** Throws DamagedFile. */
  read(index: number, positions = false): Promise<ChangeColumns> {
    return readChanges(this.#path(index), { positions });
  }

  /** Puts the changes in the place of the file that begins with the same event, or after all. */
  async write(columns: ChangeColumns, end: Pick<ChangeFileHead, 'last' | 'rows'>): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    const index = this.#heads.findIndex(({ first }) => first === columns.first);
    const place = index < 0 ? this.#heads.length : index;
    await writeChanges(this.#path(place), columns, end);
    this.#heads = [...this.#heads.slice(0, place), { first: columns.first, events: columns.events, ...end }];
  }

  /** Forgets the file of that index and those after it. */
  cutFrom(index: number): void {
    this.#heads = this.#heads.slice(0, index);
  }

  /** Removes what does not belong to them. */
  async removeOthers(): Promise<void> {
    const kept = new Set(this.#heads.map((_, index) => nameOf(index)));
    for (const name of await namesIn(this.#directory))
      if (!kept.has(name)) await rm(join(this.#directory, name), { force: true });
  }

  #path(index: number): string {
    return join(this.#directory, nameOf(index));
  }
}

const nameOf = (index: number): string => `${String(index + 1).padStart(8, '0')}.arrow`;

/** Undefined where the file is not there, or is not what it should be. */
export async function ifWhole<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (error instanceof DamagedFile || missing) return undefined;
    throw error;
  }
}

/** Nothing where there is no such folder. */
export async function namesIn(directory: string): Promise<string[]> {
  return (await ifWhole(() => readdir(directory))) ?? [];
}
