import { isCheckpointOf, type SignedCheckpoint } from '../checkpoint/checkpoint.ts';
import type { TreeHashes } from '../checkpoint/hashes.ts';
import type { Verifier } from '../checkpoint/keys.ts';
import { hashAt, hashBytes } from '../tree/hashing.ts';
import type { Levels } from '../tree/rows.ts';
import { rootOf } from '../tree/shape.ts';
import { tileLeaves, tileLevel } from '../tree/tile.ts';
import type { Finding } from './findings.ts';
import { levelsOver } from './signed-log.ts';

/** A signed head, and where it was kept. */
export interface KnownHead {
  readonly checkpoint: SignedCheckpoint;
  /** `database`, or the name of a file. */
  readonly where: string;
  readonly hashes?: TreeHashes;
}

export interface HeadVerdict {
  readonly size: number;
  readonly where: string;
  /** By the key of the log. */
  readonly signed: boolean;
  /** Whether the log begins with what was signed. */
  readonly holds: boolean;
}

export const holdsIn = async (tree: Levels, { size, root }: SignedCheckpoint): Promise<boolean> =>
  size <= tree.length && (await rootOf((level, index) => tree.node(level, index), size)).equals(root);

/** Compares every head with the tree over the log as it is. */
export async function judge(
  heads: readonly KnownHead[],
  tree: Levels,
  verifier: Verifier,
): Promise<readonly (HeadVerdict & { readonly head: KnownHead })[]> {
  const verdicts = [];
  for (const head of heads) {
    const { checkpoint, where } = head;
    const signed = isCheckpointOf(checkpoint, verifier);
    verdicts.push({ size: checkpoint.size, where, signed, holds: await holdsIn(tree, checkpoint), head });
  }
  return verdicts.sort((a, b) => a.size - b.size);
}

/** What the heads show to be wrong: those that nobody of this log signed, and the first that the log does not begin with. */
export function headFindings(verdicts: readonly HeadVerdict[], events: number): Finding[] {
  const forged = verdicts.filter(({ signed }) => !signed);
  const findings = forged.map(({ size, where }): Finding => {
    const detail = `the checkpoint over ${size} events in ${where} is not signed by the key of this log`;
    return { kind: 'checkpoint-forged', index: size, detail };
  });
  const first = verdicts.find(({ signed, holds }) => signed && !holds);
  if (!first) return findings;
  const before = verdicts.findLast(({ signed, holds, size }) => signed && holds && size < first.size)?.size ?? 0;
  const short = events < first.size ? `, and there are ${events} now` : '';
  const detail = `the first ${first.size} events are not those that were signed (${first.where})${short}; the first ${before} are`;
  return [...findings, { kind: 'checkpoint-differs', index: before, detail }];
}

/**
 * Where the log differs from hashes that came with a signed head, to 256 events: the first of them. Undefined when the hashes
 * are not those under that head, or the log is as they say.
 */
export async function firstTileThatDiffers(
  { checkpoint, hashes }: KnownHead,
  tree: Levels,
): Promise<{ readonly from: number; readonly to: number } | undefined> {
  if (!hashes) return undefined;
  const { size } = checkpoint;
  const complete = Math.floor(size / tileLeaves);
  const roots = Array.from({ length: complete }, (_, tile) => hashes.tiles.get(tile));
  if (!roots.every((root) => root !== undefined) || hashes.leaves.length !== (size % tileLeaves) * hashBytes)
    return undefined;
  const above = levelsOver(Buffer.concat(roots));
  const below = levelsOver(hashes.leaves);
  const node = (level: number, index: number): Buffer =>
    level >= tileLevel
      ? above.node(level - tileLevel, index)
      : below.node(level, index - (complete * tileLeaves) / 2 ** level);
  if (!(await rootOf(node, size)).equals(checkpoint.root)) return undefined;
  for (const [tile, root] of roots.entries()) {
    const [from, to] = [tile * tileLeaves, (tile + 1) * tileLeaves];
    if (tree.length < to || !tree.node(tileLevel, tile).equals(root)) return { from, to: to - 1 };
  }
  for (let index = complete * tileLeaves; index < size; index += 1) {
    const leaf = hashAt(hashes.leaves, index - complete * tileLeaves);
    if (tree.length <= index || !tree.node(0, index).equals(leaf)) return { from: index, to: index };
  }
  return undefined;
}
