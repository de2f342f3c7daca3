import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { closed } from '../../events/catalog/definition.ts';

const whole = Type.Integer({ minimum: 1 });

export const SegmentEntry = closed({
  /** File in the folder `segments`. */
  name: Type.String({ pattern: '^\\d{8}\\.arrow$' }),
  /** Positions of its first and its last event. */
  from: Type.String({ minLength: 1 }),
  to: Type.String({ minLength: 1 }),
  events: whole,
  bytes: whole,
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** Of the format. */
  version: whole,
});

export const Manifest = closed({
  version: whole,
  segments: Type.Array(SegmentEntry),
});

export type SegmentEntry = Static<typeof SegmentEntry>;
/** The sealed segments, in order. A file that is not named here is not part of the journal. */
export type Manifest = Static<typeof Manifest>;

const validator = Compile(Manifest);
const fileIn = (directory: string): string => join(directory, 'manifest.json');

/** Undefined: there is none, or it is not one. */
export async function readManifest(directory: string): Promise<Manifest | undefined> {
  try {
    const read: unknown = JSON.parse(await readFile(fileIn(directory), 'utf8'));
    return validator.Check(read) ? read : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Afterwards the manifest is the new one, whatever happens; before, it is the old one. */
export async function writeManifest(directory: string, manifest: Manifest): Promise<void> {
  const draft = `${fileIn(directory)}.new`;
  const file = await open(draft, 'w');
  try {
    await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, fileIn(directory));
  await syncDirectory(directory);
}

/** Makes renames and removals in it last. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
