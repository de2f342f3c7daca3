import { crc32 } from 'node:zlib';
import { MessageHeader, MetadataVersion } from 'apache-arrow/enum';
import { FileBlock, Footer } from 'apache-arrow/ipc/metadata/file';
import { BufferRegion, DictionaryBatch, FieldNode, Message, RecordBatch } from 'apache-arrow/ipc/metadata/message';
import type { Schema } from 'apache-arrow/schema';
import type { Position } from '../../events/envelope.ts';
import { type EventColumns, positionAt, type Texts } from './columns.ts';
import { dictionaryId, schema } from './format.ts';

/**
 * The Arrow IPC file format (https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format): magic, schema, dictionary,
 * record batches, end of stream, footer. Messages are written by hand over the library's own metadata, so that a file can be
 * continued after a restart and no event passes a builder.
 */

export const magic = Buffer.from('ARROW1\0\0');
/** Bytes before the metadata of a message: a mark and its length. */
export const prefix = 8;
const endOfStream = Buffer.from(Int32Array.of(-1, 0).buffer);

/** Where a message lies in its file, and what it holds. */
export interface Block {
  readonly offset: number;
  /** Prefix and padding included. */
  readonly metadataBytes: number;
  readonly bodyBytes: number;
}

export interface BatchBlock extends Block {
  readonly events: number;
  /** Positions of the first and the last event. */
  readonly from: Position;
  readonly to: Position;
  /** CRC-32 of the body. */
  readonly checksum: number;
}

/** What messages say beside what Arrow asks for. */
export const marks = { from: 'orderfold.from', to: 'orderfold.to', checksum: 'orderfold.crc32' } as const;

export const padded = (bytes: number): number => (bytes + 7) & ~7;

export function framed(message: Message): Buffer {
  const metadata = Message.encode(message);
  const frame = Buffer.alloc(padded(prefix + metadata.byteLength));
  frame.writeInt32LE(-1, 0);
  frame.writeInt32LE(frame.length - prefix, 4);
  frame.set(metadata, prefix);
  return frame;
}

export const schemaMessage = (): Buffer => framed(Message.from(schema));

const bytesOf = (view: ArrayBufferView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const noNulls = new Uint8Array(0);

export interface Body {
  readonly regions: readonly BufferRegion[];
  readonly pieces: readonly Uint8Array[];
  readonly length: number;
}

/** Buffers one after another, each at a multiple of eight bytes. */
export function bodyOf(buffers: readonly ArrayBufferView[]): Body {
  const regions: BufferRegion[] = [];
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const buffer of buffers) {
    regions.push(new BufferRegion(length, buffer.byteLength));
    const padding = padded(buffer.byteLength) - buffer.byteLength;
    if (buffer.byteLength > 0) pieces.push(bytesOf(buffer));
    if (padding > 0) pieces.push(new Uint8Array(padding));
    length += buffer.byteLength + padding;
  }
  return { regions, pieces, length };
}

const checksumOf = (pieces: readonly Uint8Array[]): number => pieces.reduce((sum, piece) => crc32(piece, sum), 0);

/** The dictionary of event types; the message and its body. */
export function dictionaryMessage(words: readonly string[]): { readonly block: Block; readonly pieces: Uint8Array[] } {
  const bytes = Buffer.from(words.join(''));
  const offsets = new Int32Array(words.length + 1);
  for (const [index, word] of words.entries()) offsets[index + 1] = (offsets[index] ?? 0) + Buffer.byteLength(word);
  const { regions, pieces, length } = bodyOf([noNulls, offsets, bytes]);
  const batch = new RecordBatch(words.length, [new FieldNode(words.length, 0)], [...regions], null);
  const said = new Map([[marks.checksum, String(checksumOf(pieces))]]);
  const header = new DictionaryBatch(batch, dictionaryId);
  const frame = framed(new Message(length, MetadataVersion.V5, MessageHeader.DictionaryBatch, header, said));
  return { block: { offset: 0, metadataBytes: frame.length, bodyBytes: length }, pieces: [frame, ...pieces] };
}

const ones = (bits: Uint8Array): number => {
  let count = 0;
  for (let byte of bits) for (; byte > 0; byte &= byte - 1) count += 1;
  return count;
};

/** A batch of at least one event; the message and its body. `offset` is for the caller to set. */
export function batchMessage(columns: EventColumns): { readonly block: BatchBlock; readonly pieces: Uint8Array[] } {
  const { events } = columns;
  const text = ({ offsets, bytes }: Texts) => [noNulls, offsets, bytes];
  const full = new FieldNode(events, 0);
  const { regions, pieces, length } = bodyOf([
    ...text(columns.position),
    ...text(columns.stream),
    ...[noNulls, columns.revision],
    ...text(columns.eventId),
    ...[noNulls, columns.type],
    ...[columns.orderNoThere, columns.orderNo.offsets, columns.orderNo.bytes],
    ...[columns.lineNoThere, columns.lineNo],
    ...[noNulls, columns.occurredAt],
    ...[noNulls, columns.recordedAt],
    ...text(columns.data),
    ...text(columns.metadata),
  ]);
  const nodes = schema.fields.map(({ name }) => {
    if (name === 'order_no') return new FieldNode(events, events - ones(columns.orderNoThere));
    return name === 'line_no' ? new FieldNode(events, events - ones(columns.lineNoThere)) : full;
  });
  const checksum = checksumOf(pieces);
  const [from, to] = [positionAt(columns, 0), positionAt(columns, events - 1)];
  const said = new Map([
    [marks.from, from],
    [marks.to, to],
    [marks.checksum, String(checksum)],
  ]);
  const frame = framed(Message.from(new RecordBatch(events, nodes, [...regions], null, [], said), length));
  const block = { offset: 0, metadataBytes: frame.length, bodyBytes: length, events, from, to, checksum };
  return { block, pieces: [frame, ...pieces] };
}

/** What follows the last batch. */
export function ending(dictionary: Block, batches: readonly Block[]): Buffer {
  return fileEnd(schema, [dictionary], batches);
}

/** The end of any file: end of stream, footer, magic. */
export function fileEnd(of: Schema, dictionaries: readonly Block[], batches: readonly Block[]): Buffer {
  const blockOf = ({ offset, metadataBytes, bodyBytes }: Block) => new FileBlock(metadataBytes, bodyBytes, offset);
  const footer = Footer.encode(new Footer(of, MetadataVersion.V5, batches.map(blockOf), dictionaries.map(blockOf)));
  const size = Buffer.alloc(4);
  size.writeInt32LE(footer.byteLength);
  return Buffer.concat([endOfStream, footer, size, magic.subarray(0, 6)]);
}
