import { type FileHandle, open } from 'node:fs/promises';
import type { EventColumns } from './columns.ts';
import { type Block, batchMessage, dictionaryMessage, ending, magic, schemaMessage } from './messages.ts';
import { type Contents, scan } from './segment-file.ts';

/** The segment that is being written. Grows by whole batches; what it held before the last `append` is on the disk. */
export class PartFile {
  readonly #file: FileHandle;
  #contents: Contents;

  private constructor(file: FileHandle, contents: Contents) {
    this.#file = file;
    this.#contents = contents;
  }

  /** Begins a file; one that is there is lost. */
  static async create(path: string, words: readonly string[]): Promise<PartFile> {
    const file = await open(path, 'w+');
    try {
      const head = schemaMessage();
      const { block, pieces } = dictionaryMessage(words);
      const dictionary: Block = { ...block, offset: magic.length + head.length };
      await writeAll(file, [magic, head, ...pieces], 0);
      const end = dictionary.offset + dictionary.metadataBytes + dictionary.bodyBytes;
      return new PartFile(file, { words, dictionary, batches: [], end });
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Goes on with a file after its last whole batch. Undefined when there is nothing to go on with. */
  static async resume(path: string): Promise<PartFile | undefined> {
    const file = await open(path, 'r+');
    try {
      const contents = await scan(file);
      if (contents && contents.batches.length > 0) {
        await file.truncate(contents.end);
        return new PartFile(file, contents);
      }
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
    return undefined;
  }

  get contents(): Contents {
    return this.#contents;
  }

  get events(): number {
    return this.#contents.batches.reduce((sum, { events }) => sum + events, 0);
  }

  /**
   * Synced every time: a batch is tens of megabytes at most and is written once in thousands of events, so the sync costs a
   * few percent, and after a power cut only the last batch can be torn.
   */
  async append(columns: EventColumns): Promise<void> {
    const { block, pieces } = batchMessage(columns);
    const offset = this.#contents.end;
    await writeAll(this.#file, pieces, offset);
    await this.#file.datasync();
    this.#contents = {
      ...this.#contents,
      batches: [...this.#contents.batches, { ...block, offset }],
      end: offset + block.metadataBytes + block.bodyBytes,
    };
  }

  /** Completes the file and closes it; gives its size in bytes. */
  async finish(): Promise<number> {
    const { dictionary, batches, end } = this.#contents;
    const last = ending(dictionary, batches);
    await writeAll(this.#file, [last], end);
    // A batch whose writing failed may have left bytes behind.
    await this.#file.truncate(end + last.length);
    await this.#file.sync();
    await this.#file.close();
    return end + last.length;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

async function writeAll(file: FileHandle, pieces: readonly Uint8Array[], offset: number): Promise<void> {
  const total = pieces.reduce((sum, { length }) => sum + length, 0);
  const { bytesWritten } = await file.writev(pieces, offset);
  if (bytesWritten === total) return;
  const rest = Buffer.concat(pieces).subarray(bytesWritten);
  for (let written = 0; written < rest.length; ) {
    const step = await file.write(rest, written, rest.length - written, offset + bytesWritten + written);
    written += step.bytesWritten;
  }
}
