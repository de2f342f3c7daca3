import { crc32 } from 'node:zlib';
import { MessageHeader } from 'apache-arrow/enum';
import { type BufferRegion, type DictionaryBatch, Message, type RecordBatch } from 'apache-arrow/ipc/metadata/message';
import type { Schema } from 'apache-arrow/schema';
import { type EventColumns, positionAt, type Texts } from './columns.ts';
import { type BatchBlock, type Block, marks, padded } from './messages.ts';

/** A file is not what the journal wrote. What it held is in the log. */
export class DamagedFile extends Error {
  override readonly name = 'DamagedFile';
  readonly code = 'journal-damaged';
}

/** A message without its body. */
export interface Decoded {
  readonly header: Schema | DictionaryBatch | RecordBatch;
  readonly kind: 'schema' | 'dictionary' | 'batch';
  readonly bodyBytes: number;
  readonly said: ReadonlyMap<string, string>;
}

const kinds: ReadonlyMap<MessageHeader, Decoded['kind']> = new Map([
  [MessageHeader.Schema, 'schema'],
  [MessageHeader.DictionaryBatch, 'dictionary'],
  [MessageHeader.RecordBatch, 'batch'],
]);

/** Undefined: these bytes are no message that a file of ours has. */
export function decodeMessage(bytes: Uint8Array): Decoded | undefined {
  try {
    const message = Message.decode(bytes);
    const kind = kinds.get(message.headerType);
    const bodyBytes = message.bodyLength;
    if (!kind || !Number.isSafeInteger(bodyBytes) || bodyBytes < 0) return undefined;
    return { header: message.header(), kind, bodyBytes, said: message.metadata };
  } catch {
    return undefined; // flatbuffers reads wherever wrong offsets lead; whatever that ends in, it is no message
  }
}

/** What the message of a batch says. Undefined: it is no batch of ours. */
export function batchBlock({ kind, header, said }: Decoded, place: Block): BatchBlock | undefined {
  const [from, to, checksum] = [said.get(marks.from), said.get(marks.to), Number(said.get(marks.checksum))];
  if (kind !== 'batch' || !from || !to || !Number.isInteger(checksum)) return undefined;
  const events = (header as RecordBatch).length;
  return Number.isInteger(events) && events > 0 ? { ...place, events, from, to, checksum } : undefined;
}

export const isWhole = (block: BatchBlock, body: Uint8Array): boolean =>
  body.length === block.bodyBytes && crc32(body) === block.checksum;

/** In the order of the schema: validity, offsets and bytes of texts, validity and values of everything else. */
const buffersOf = {
  position: 0,
  stream: 3,
  revision: 6,
  eventId: 8,
  type: 11,
  orderNo: 13,
  lineNo: 16,
  occurredAt: 18,
  recordedAt: 20,
  data: 22,
  metadata: 25,
} as const;
const buffersOfBatch = 28;

/**
 * The columns of a batch as views of its body, which must lie at a multiple of eight bytes in its memory. Throws DamagedFile
 * unless everything that the message says fits the body and each other.
 */
export function columnsIn(
  { header }: Decoded,
  block: BatchBlock,
  body: Buffer,
  words: readonly string[],
): EventColumns {
  const regions = (header as RecordBatch).buffers;
  if (!isPacked(regions, buffersOfBatch, body.length)) throw new DamagedFile('its buffers lie elsewhere');
  const { events } = block;
  const raw = (at: number, bytes?: number): Buffer => {
    const { offset = 0, length = 0 } = regions[at] ?? {};
    if (bytes !== undefined && length !== bytes) throw new DamagedFile('a column is too short or too long');
    return body.subarray(offset, offset + length);
  };
  const integers = (at: number, count: number): Int32Array => {
    const { buffer, byteOffset } = raw(at, 4 * count);
    return new Int32Array(buffer, byteOffset, count);
  };
  const texts = (at: number): Texts => {
    const offsets = integers(at + 1, events + 1);
    return { offsets, bytes: raw(at + 2, offsets[events]) };
  };
  const types = raw(buffersOf.type + 1, 2 * events);
  const validityBytes = (events + 7) >> 3;
  const columns: EventColumns = {
    events,
    words,
    position: texts(buffersOf.position),
    stream: texts(buffersOf.stream),
    revision: integers(buffersOf.revision + 1, events),
    eventId: texts(buffersOf.eventId),
    type: new Int16Array(types.buffer, types.byteOffset, events),
    orderNoThere: raw(buffersOf.orderNo, validityBytes),
    orderNo: texts(buffersOf.orderNo),
    lineNoThere: raw(buffersOf.lineNo, validityBytes),
    lineNo: integers(buffersOf.lineNo + 1, events),
    occurredAt: integers(buffersOf.occurredAt + 1, 2 * events),
    recordedAt: integers(buffersOf.recordedAt + 1, 2 * events),
    data: texts(buffersOf.data),
    metadata: texts(buffersOf.metadata),
  };
  const fits = positionAt(columns, 0) === block.from && positionAt(columns, events - 1) === block.to;
  if (!fits) throw new DamagedFile('its positions are not those that it names');
  return columns;
}

/** One buffer directly after the other, as they are written. */
function isPacked(regions: readonly BufferRegion[], count: number, bodyBytes: number): boolean {
  let end = 0;
  for (const { offset, length } of regions) {
    if (offset !== end) return false;
    end += padded(length);
  }
  return regions.length === count && end === bodyBytes;
}

/** The event types in the body of a dictionary message. Undefined: it is not as it was written. */
export function wordsIn({ kind, header, said }: Decoded, body: Buffer): string[] | undefined {
  if (kind !== 'dictionary' || crc32(body) !== Number(said.get(marks.checksum))) return undefined;
  const [, places, texts] = (header as DictionaryBatch).buffers;
  if (!places || !texts || !isPacked((header as DictionaryBatch).buffers, 3, body.length)) return undefined;
  const offsets = new Int32Array(body.buffer, body.byteOffset + places.offset, places.length >> 2);
  const bytes = body.subarray(texts.offset, texts.offset + texts.length);
  return Array.from(offsets.subarray(1), (end, index) => bytes.toString('utf8', offsets[index] ?? 0, end));
}
