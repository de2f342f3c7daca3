import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { InvalidValue } from '../../values/refusal.ts';

/** Archives that everybody can open: the ZIP format (PKWARE APPNOTE 6.3), files compressed, names in UTF-8. */

const signatures = { file: 0x04034b50, entry: 0x02014b50, end: 0x06054b50 } as const;
const needed = 20;
const utf8Names = 0x0800;
const deflated = 8;
/** 1980-01-01: the same files give the same bytes. */
const date = 0x0021;
const endBytes = 22;
const largest = 0xffff_ffff;

/** Throws RangeError for more than the format holds (4 GB). */
export function zipOf(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const parts: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of files) {
    const packed = deflateRawSync(content);
    const title = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(needed, 0);
    common.writeUInt16LE(utf8Names, 2);
    common.writeUInt16LE(deflated, 4);
    common.writeUInt16LE(date, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(title.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    parts.push(word(signatures.file), common, title, packed);
    entries.push(word(signatures.entry), half(needed), common, rest, title);
    offset += 30 + title.length + packed.length;
    if (offset > largest) throw new RangeError('More than a ZIP archive holds');
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(endBytes);
  end.writeUInt32LE(signatures.end, 0);
  end.writeUInt16LE(files.size, 8);
  end.writeUInt16LE(files.size, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, directory, end]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function half(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

/** The files of an archive as `zipOf` writes it. Throws InvalidValue for anything else. */
export function filesOfZip(archive: Buffer): Map<string, Buffer> {
  try {
    return entriesOf(archive);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidValue('malformed-zip', `This is no evidence package: ${why}`);
  }
}

function entriesOf(archive: Buffer): Map<string, Buffer> {
  const end = archive.length - endBytes;
  if (end < 0 || archive.readUInt32LE(end) !== signatures.end) throw new Error('no ZIP archive');
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (archive.readUInt32LE(at) !== signatures.entry) throw new Error('its directory is broken');
    const packedBytes = archive.readUInt32LE(at + 20);
    const titleBytes = archive.readUInt16LE(at + 28);
    const from = archive.readUInt32LE(at + 42);
    const name = archive.toString('utf8', at + 46, at + 46 + titleBytes);
    const start = from + 30 + archive.readUInt16LE(from + 26) + archive.readUInt16LE(from + 28);
    const content = inflateRawSync(archive.subarray(start, start + packedBytes), { maxOutputLength: 2 ** 30 });
    if (crc32(content) !== archive.readUInt32LE(at + 16)) throw new Error(`${name} is damaged`);
    files.set(name, content);
    at += 46 + titleBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}
