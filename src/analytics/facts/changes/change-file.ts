import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { FieldNode, Message, RecordBatch } from 'apache-arrow/ipc/metadata/message';
import { Field, Schema } from 'apache-arrow/schema';
import { Float64, Int32, List, Uint8, Utf8 } from 'apache-arrow/type';
import { DamagedFile } from '../../journal/decoding.ts';
import { syncDirectory } from '../../journal/manifest.ts';
import { bodyOf, fileEnd, framed, magic } from '../../journal/messages.ts';
import { messageAt, readAt } from '../../journal/segment-file.ts';
import { type ChangeColumns, changeKinds } from './change-columns.ts';

/** Of what the numbers in a file mean. Raised when events are turned into other changes: older files are made anew. */
export const changesVersion = 1;

const required = (name: string, type: ConstructorParameters<typeof Field>[1], about: string): Field =>
  new Field(name, type as never, false, new Map([['about', about]]));
const item = (type: Int32 | Float64 | Utf8): Field => new Field('item', type as never, false);

/** Positions come last, so that those who apply changes need not read them. */
const schema = new Schema(
  [
    required('kind', new Uint8(), 'What happened: see orderfold.kinds, counted from 0'),
    required('flags', new Uint8(), '1 by a person, 2 with new words, 4 a step again, 8 a step again once accepted'),
    required('order', new Int32(), 'Which order, in the order in which they were started; -1 for none'),
    required('occurred_at', new Float64(), 'When it happened, milliseconds since 1970-01-01 UTC'),
    required('recorded_at', new Float64(), 'When it was recorded'),
    required('codes', new List(item(new Int32())), 'Words as codes, days, line numbers'),
    required('numbers', new List(item(new Float64())), 'Quantities in millionths, prices, instants'),
    required('texts', new List(item(new Utf8())), 'New words, ids, and quantities that fit no number'),
    required('position', new Utf8(), 'Place in the log'),
  ],
  new Map([
    ['orderfold.changes', String(changesVersion)],
    ['orderfold.kinds', JSON.stringify(changeKinds)],
  ]),
);

/** An event of the log, and what tells that it is still the same log. */
export interface Mark {
  readonly position: string;
  /** Of the event before it. */
  readonly before: string;
  readonly eventId: string;
  readonly hash: string;
}

/** What a file says about itself. */
export interface ChangeFileHead {
  readonly first: number;
  readonly events: number;
  /** The last event. */
  readonly last: Mark;
  /** Rows of orders, lines, schedule lines, shipments and holds after it. */
  readonly rows: readonly number[];
}

const buffersOf = (columns: ChangeColumns): ArrayBufferView[] => {
  const none = new Uint8Array(0);
  return [
    ...[none, columns.kind, none, columns.flags, none, columns.order],
    ...[none, columns.occurredAt, none, columns.recordedAt],
    ...[none, columns.codeEnds, none, columns.codes, none, columns.numberEnds, none, columns.numbers],
    ...[none, columns.textEnds, none, columns.texts.offsets, columns.texts.bytes],
    ...[none, columns.position.offsets, columns.position.bytes],
  ];
};
const positionBuffers = 3;

/** Writes the file beside the place and moves it there when it is on the disk. */
export async function writeChanges(
  path: string,
  columns: ChangeColumns,
  { last, rows }: Pick<ChangeFileHead, 'last' | 'rows'>,
): Promise<void> {
  const buffers = buffersOf(columns);
  const { regions, pieces, length } = bodyOf(buffers);
  const facts = bodyOf(buffers.slice(0, -positionBuffers));
  const nodes = [columns.events, columns.events, columns.events, columns.events, columns.events]
    .concat(columns.events, columns.codes.length, columns.events, columns.numbers.length)
    .concat(columns.events, columns.texts.offsets.length - 1, columns.events)
    .map((entries) => new FieldNode(entries, 0));
  const head: ChangeFileHead = { first: columns.first, events: columns.events, last, rows };
  const told = JSON.stringify({ ...head, facts: facts.length });
  const said = new Map([
    ['orderfold.head', told],
    ['orderfold.crc32', [crc32(told), await checksumOf(facts.pieces), await checksumOf(pieces)].join(' ')],
  ]);
  const frame = framed(Message.from(new RecordBatch(columns.events, nodes, [...regions], null, [], said), length));
  const start = framed(Message.from(schema));
  const block = { offset: magic.length + start.length, metadataBytes: frame.length, bodyBytes: length };
  await replaceFile(path, [magic, start, frame, ...pieces, fileEnd(schema, [], [block])]);
}

/** Afterwards the file is there, whole, whatever happens meanwhile; or what was there before. */
export async function replaceFile(path: string, pieces: readonly ArrayBufferView[]): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, 'w');
  try {
    for (const piece of pieces) await writeAll(file, piece);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await syncDirectory(dirname(path));
}

const checkedAtOnce = 1 << 21;

/** CRC-32 of all pieces, others having their turn meanwhile. */
export async function checksumOf(pieces: readonly ArrayBufferView[]): Promise<number> {
  let sum = 0;
  for (const { buffer, byteOffset, byteLength } of pieces)
    for (let from = 0; from < byteLength; from += checkedAtOnce) {
      sum = crc32(new Uint8Array(buffer, byteOffset + from, Math.min(checkedAtOnce, byteLength - from)), sum);
      if (byteLength > checkedAtOnce) await turn();
    }
  return sum;
}

const mostAtOnce = 1 << 26;

async function writeAll(file: FileHandle, { buffer, byteOffset, byteLength }: ArrayBufferView): Promise<void> {
  const bytes = Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, written, Math.min(mostAtOnce, bytes.length - written));
    written += bytesWritten;
  }
}

interface Found {
  readonly head: ChangeFileHead & { readonly facts: number };
  readonly regions: readonly { readonly offset: number; readonly length: number }[];
  /** Where the body begins. */
  readonly body: number;
  readonly bodyBytes: number;
  readonly checksums: readonly number[];
}

/** Throws DamagedFile for what is no file of ours, or of another version. */
export async function headOf(path: string): Promise<ChangeFileHead> {
  return reading(path, async (file) => (await find(file)).head);
}

/** The changes; positions only where they are wanted. Throws DamagedFile. */
export function readChanges(path: string, { positions }: { readonly positions: boolean }): Promise<ChangeColumns> {
  return reading(path, async (file) => {
    const { head, regions, body, bodyBytes, checksums } = await find(file);
    const length = positions ? bodyBytes : head.facts;
    const bytes = await readAt(file, body, length);
    if (bytes.length !== length || (await checksumOf([bytes])) !== checksums[positions ? 2 : 1])
      throw new DamagedFile('its changes do not have their checksum');
    return columnsIn(bytes, regions, head, positions);
  });
}

async function reading<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'r');
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

async function find(file: FileHandle): Promise<Found> {
  const { size } = await file.stat();
  const start = await messageAt(file, magic.length, size);
  const version =
    start?.message.kind === 'schema' && (start.message.header as Schema).metadata.get('orderfold.changes');
  if (!start || version !== String(changesVersion)) throw new DamagedFile('it is of another version');
  const batch = await messageAt(file, start.block.offset + start.block.metadataBytes, size);
  if (batch?.message.kind !== 'batch') throw new DamagedFile('it has no changes');
  const { said, header } = batch.message;
  const told = said.get('orderfold.head') ?? '';
  const checksums = (said.get('orderfold.crc32') ?? '').split(' ').map(Number);
  if (crc32(told) !== checksums[0]) throw new DamagedFile('its head does not have its checksum');
  return {
    head: JSON.parse(told),
    regions: (header as RecordBatch).buffers,
    body: batch.block.offset + batch.block.metadataBytes,
    bodyBytes: batch.block.bodyBytes,
    checksums,
  };
}

function columnsIn(bytes: Buffer, regions: Found['regions'], head: ChangeFileHead, positions: boolean): ChangeColumns {
  const { buffer, byteOffset } = bytes;
  const place = (at: number) => regions[at] ?? { offset: 0, length: 0 };
  const uint8 = (at: number) => new Uint8Array(buffer, byteOffset + place(at).offset, place(at).length);
  const int32 = (at: number) => new Int32Array(buffer, byteOffset + place(at).offset, place(at).length >> 2);
  const float64 = (at: number) => new Float64Array(buffer, byteOffset + place(at).offset, place(at).length >> 3);
  return {
    ...{ events: head.events, first: head.first },
    ...{ kind: uint8(1), flags: uint8(3), order: int32(5), occurredAt: float64(7), recordedAt: float64(9) },
    ...{ codeEnds: int32(11), codes: int32(13), numberEnds: int32(15), numbers: float64(17) },
    ...{ textEnds: int32(19), texts: { offsets: int32(21), bytes: uint8(22) } },
    position: positions ? { offsets: int32(24), bytes: uint8(25) } : { offsets: new Int32Array(1), bytes: uint8(0) },
  };
}
