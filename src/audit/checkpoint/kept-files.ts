import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InvalidValue } from '../../values/refusal.ts';
import type { LogTree } from '../tree/log-tree.ts';
import { parseCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { hashesOf, hashesText, parseHashes, type TreeHashes } from './hashes.ts';

/** A checkpoint that somebody kept, with the hashes that lie beside it. */
export interface KeptFile {
  readonly checkpoint: SignedCheckpoint;
  readonly where: string;
  readonly hashes?: TreeHashes;
}

const extension = /(?:\.checkpoint)?$/;
const hashesBeside = (file: string): string => file.replace(extension, '.hashes');

/** Writes a checkpoint and, beside it, all hashes that say where a log differs from it. */
export async function keepCheckpoint(
  file: string,
  { note, origin, size }: SignedCheckpoint,
  tree: LogTree,
): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(hashesBeside(file), hashesText(await hashesOf(tree, origin, size)));
  await writeFile(file, note);
}

/**
 * Reads a checkpoint: a signed note, or the last line of a file that checkpoints were appended to. The hashes are taken from
 * the files in its folder. Throws InvalidValue when it is none.
 */
export async function keptCheckpoint(file: string): Promise<KeptFile> {
  const checkpoint = parseCheckpoint(noteIn(await readFile(file, 'utf8')));
  const hashes = await hashesFor(file, checkpoint);
  return { checkpoint, where: basename(file), ...(hashes && { hashes }) };
}

function noteIn(text: string): string {
  if (!text.startsWith('{')) return text;
  try {
    const { note } = JSON.parse(text.trimEnd().split('\n').at(-1) ?? '') as { readonly note?: unknown };
    if (typeof note === 'string') return note;
  } catch {
    // said below
  }
  throw new InvalidValue('malformed-checkpoint', 'The last line of the file has no checkpoint.');
}

/** Each file has what those before it do not have. What does not belong together fails against the root that is signed. */
async function hashesFor(file: string, { origin, size }: SignedCheckpoint): Promise<TreeHashes | undefined> {
  const folder = dirname(file);
  const own = basename(hashesBeside(file));
  const names = (await readdir(folder)).filter((name) => name.endsWith('.hashes')).sort();
  const tiles = new Map<number, Buffer>();
  let found: TreeHashes | undefined;
  for (const name of names) {
    const hashes = parseHashes(await readFile(join(folder, name), 'utf8'));
    if (hashes.origin !== origin || hashes.size > size) continue;
    for (const [tile, root] of hashes.tiles) tiles.set(tile, root);
    if (name === own && hashes.size === size) found = hashes;
  }
  return found && { ...found, tiles };
}
