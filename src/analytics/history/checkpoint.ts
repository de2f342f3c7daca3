import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { changesVersion, checksumOf, replaceFile } from '../facts/changes/change-file.ts';
import { FoldedFacts } from '../facts/facts.ts';
import { DamagedFile } from '../journal/decoding.ts';
import { padded } from '../journal/messages.ts';
import { readAt } from '../journal/segment-file.ts';
import { layout, slotsOf } from './checkpoint-arrays.ts';
import { countRows, restoreState, type State, stateOf } from './checkpoint-state.ts';

/** Raised when the same changes give other facts: checkpoints of another version are folded anew. */
const factsVersion = 2;

/**
 * Facts at one moment, as they lie in memory: a head of JSON, then every array with its CRC-32 in the head. What is restored
 * equals what would be folded; what cannot be restored is folded.
 */
interface Head {
  readonly version: string;
  readonly state: State;
  readonly arrays: readonly { readonly bytes: number; readonly crc32: number }[];
}

const magic = Buffer.from('OFFACTS1');

const versionOf = (facts: FoldedFacts): string =>
  `${changesVersion}.${factsVersion}.${crc32(layout(facts)).toString(16)}`;

/** The facts must be settled, and must not change until it is done. */
export async function writeCheckpoint(path: string, facts: FoldedFacts): Promise<void> {
  const pieces: ArrayBufferView[] = [];
  const arrays: Head['arrays'][number][] = [];
  for (const slot of slotsOf(facts)) {
    const array = slot.get();
    arrays.push({ bytes: array.byteLength, crc32: await checksumOf([array]) });
    pieces.push(array, padding(array.byteLength));
  }
  const told = Buffer.from(JSON.stringify({ version: versionOf(facts), state: stateOf(facts), arrays } satisfies Head));
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32LE(told.length, 0);
  sizes.writeUInt32LE(crc32(told), 4);
  await replaceFile(path, [magic, sizes, told, padding(told.length), ...pieces]);
}

const padding = (bytes: number): Uint8Array => new Uint8Array(padded(bytes) - bytes);

/** Throws DamagedFile for what is damaged or of another version. */
export async function readCheckpoint(path: string): Promise<FoldedFacts> {
  const file = await open(path, 'r');
  try {
    const facts = new FoldedFacts();
    const { head, end } = await headIn(file);
    if (head.version !== versionOf(facts)) throw new DamagedFile('it is of another version');
    countRows(facts, head.state);
    let offset = end;
    let next = 0;
    for (const slot of slotsOf(facts)) {
      const { bytes, crc32: expected } = head.arrays[next] ?? { bytes: 0, crc32: -1 };
      const array = await readAt(file, offset, bytes);
      if (array.length !== bytes || (await checksumOf([array])) !== expected)
        throw new DamagedFile(`its array ${next + 1} does not have its checksum`);
      slot.set(array);
      offset += padded(bytes);
      next += 1;
    }
    restoreState(facts, head.state);
    return facts;
  } finally {
    await file.close();
  }
}

async function headIn(file: FileHandle): Promise<{ readonly head: Head; readonly end: number }> {
  const start = await readAt(file, 0, magic.length + 8);
  if (start.length < magic.length + 8 || !start.subarray(0, magic.length).equals(magic))
    throw new DamagedFile('it is no checkpoint');
  const length = start.readUInt32LE(magic.length);
  const told = await readAt(file, start.length, length);
  if (told.length !== length || crc32(told) !== start.readUInt32LE(magic.length + 4))
    throw new DamagedFile('its head does not have its checksum');
  return { head: JSON.parse(told.toString()), end: start.length + padded(length) };
}
