import type { FileHandle } from 'node:fs/promises';
import { Footer } from 'apache-arrow/ipc/metadata/file';
import type { Schema } from 'apache-arrow/schema';
import type { EventColumns } from './columns.ts';
import { batchBlock, columnsIn, DamagedFile, type Decoded, decodeMessage, isWhole, wordsIn } from './decoding.ts';
import { isOurs } from './format.ts';
import { type BatchBlock, type Block, magic, prefix } from './messages.ts';

/** What is in a segment, sealed or not, without the events themselves. */
export interface Contents {
  readonly words: readonly string[];
  readonly dictionary: Block;
  readonly batches: readonly BatchBlock[];
  /** Where the next batch belongs. */
  readonly end: number;
}

/** So much is more than the metadata of any message of ours. */
const longestMetadata = 2 ** 20;

/** Its memory starts at a multiple of eight bytes, as the views of columns need. Shorter when the file ends before. */
export async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** The message at a place; undefined when there is no whole one. */
export async function messageAt(
  file: FileHandle,
  offset: number,
  size: number,
): Promise<{ readonly message: Decoded; readonly block: Block } | undefined> {
  const head = await readAt(file, offset, prefix);
  if (head.length < prefix || head.readInt32LE(0) !== -1) return undefined;
  const length = head.readInt32LE(4);
  if (length <= 0 || length > longestMetadata || offset + prefix + length > size) return undefined;
  const message = decodeMessage(await readAt(file, offset + prefix, length));
  if (!message) return undefined;
  const block = { offset, metadataBytes: prefix + length, bodyBytes: message.bodyBytes };
  return endOf(block) <= size ? { message, block } : undefined;
}

const endOf = ({ offset, metadataBytes, bodyBytes }: Block): number => offset + metadataBytes + bodyBytes;

/**
 * Reads a file from its beginning as far as it is whole. Undefined when not even its head is. Bodies are not looked at, but
 * for the last one: everything before it was synced before it was begun.
 */
export async function scan(file: FileHandle): Promise<Contents | undefined> {
  const { size } = await file.stat();
  if (!(await readAt(file, 0, magic.length)).equals(magic)) return undefined;
  const head = await messageAt(file, magic.length, size);
  if (head?.message.kind !== 'schema' || !isOurs(head.message.header as Schema)) return undefined;
  const dictionary = await messageAt(file, endOf(head.block), size);
  const words = dictionary && wordsIn(dictionary.message, await bodyOf(file, dictionary.block));
  if (!words) return undefined;
  const batches: BatchBlock[] = [];
  let end = endOf(dictionary.block);
  for (;;) {
    const next = await messageAt(file, end, size);
    const batch = next && batchBlock(next.message, next.block);
    if (!batch || batch.from <= (batches.at(-1)?.to ?? '')) break;
    batches.push(batch);
    end = endOf(batch);
  }
  for (let last = batches.at(-1); last && !isWhole(last, await bodyOf(file, last)); last = batches.at(-1)) {
    end = last.offset;
    batches.pop();
  }
  return { words, dictionary: dictionary.block, batches, end };
}

const bodyOf = (file: FileHandle, block: Block): Promise<Buffer> =>
  readAt(file, block.offset + block.metadataBytes, block.bodyBytes);

/** The blocks that the footer of a sealed file names, checked against nothing else. Throws DamagedFile. */
async function footerOf(file: FileHandle, size: number): Promise<Footer> {
  const tail = await readAt(file, Math.max(0, size - 10), 10);
  const length = tail.length === 10 ? tail.readInt32LE(0) : -1;
  const closed = tail.subarray(4).equals(magic.subarray(0, 6));
  if (!closed || length <= 0 || length > size - 10) throw new DamagedFile('its footer is not there');
  try {
    const footer = Footer.decode(await readAt(file, size - 10 - length, length));
    if (isOurs(footer.schema)) return footer;
  } catch (cause) {
    throw new DamagedFile('its footer cannot be read', { cause });
  }
  throw new DamagedFile('its columns are others');
}

/** The cheap check of a sealed file: size and footer. Throws DamagedFile. */
export async function checkSealed(file: FileHandle, bytes: number): Promise<void> {
  const { size } = await file.stat();
  if (size !== bytes) throw new DamagedFile(`it has ${size} bytes instead of ${bytes}`);
  await footerOf(file, size);
}

/** Where the footer says that dictionary and batches are; it may say what is no number. Throws DamagedFile. */
function placesIn(footer: Footer) {
  try {
    const offsets = [...footer.recordBatches()].map(({ offset }) => offset);
    return { place: footer.getDictionaryBatch(0), offsets };
  } catch (cause) {
    throw new DamagedFile('its footer cannot be read', { cause });
  }
}

/** What a sealed file holds. Throws DamagedFile. */
export async function contentsOfSealed(file: FileHandle): Promise<Contents> {
  const { size } = await file.stat();
  const { place, offsets } = placesIn(await footerOf(file, size));
  const dictionary = place && (await messageAt(file, place.offset, size));
  const words = dictionary && wordsIn(dictionary.message, await bodyOf(file, dictionary.block));
  if (!words) throw new DamagedFile('its dictionary is broken');
  const batches: BatchBlock[] = [];
  for (const offset of offsets) {
    const found = await messageAt(file, offset, size);
    const batch = found && batchBlock(found.message, found.block);
    if (!batch) throw new DamagedFile(`batch ${batches.length + 1} is broken`);
    batches.push(batch);
  }
  return { words, dictionary: dictionary.block, batches, end: size };
}

/** The events of a batch, its checksum compared. Throws DamagedFile. */
export async function readBatch(file: FileHandle, batch: BatchBlock, words: readonly string[]): Promise<EventColumns> {
  const bytes = await readAt(file, batch.offset, batch.metadataBytes + batch.bodyBytes);
  const body = bytes.subarray(batch.metadataBytes);
  const message = decodeMessage(bytes.subarray(prefix, batch.metadataBytes));
  if (message?.kind !== 'batch' || !isWhole(batch, body)) {
    throw new DamagedFile(`the batch at byte ${batch.offset} does not have its checksum`);
  }
  return columnsIn(message, batch, body, words);
}
