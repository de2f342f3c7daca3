import { emptyRoot, type Hash, nodeHash } from './hashing.ts';

/**
 * The shape of the tree (RFC 6962, section 2.1): a tree of n leaves splits at the largest power of two below n. Complete
 * subtrees never change when leaves are added, so everything is said in terms of them.
 */

/** The node at this level (0: leaves) and index: the root of 2^level leaves from index * 2^level on. It is complete. */
export type NodeReader = (level: number, index: number) => Hash | Promise<Hash>;

/** The largest power of two below `leaves`, which is at least 2. */
export function splitOf(leaves: number): number {
  let power = 1;
  while (power * 2 < leaves) power *= 2;
  return power;
}

/** Root of the leaves from `start` up to `end` (exclusive), which is a subtree of some tree. */
export async function subtreeRoot(node: NodeReader, start: number, end: number): Promise<Hash> {
  const leaves = end - start;
  if (leaves <= 0) return emptyRoot;
  const level = Math.log2(leaves);
  if (Number.isInteger(level)) return node(level, start / leaves);
  const middle = start + splitOf(leaves);
  return nodeHash(await subtreeRoot(node, start, middle), await subtreeRoot(node, middle, end));
}

export const rootOf = (node: NodeReader, size: number): Promise<Hash> => subtreeRoot(node, 0, size);

/** PATH(m, D[n]) of section 2.1.1: proves that the leaf at `index` is in the tree of `size` leaves. Throws RangeError. */
export async function inclusionProof(node: NodeReader, index: number, size: number): Promise<Hash[]> {
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size))
    throw new RangeError(`There is no leaf ${index} in a tree of ${size}`);
  const proof: Hash[] = [];
  for (let [start, end] = [0, size]; end - start > 1; ) {
    const middle = start + splitOf(end - start);
    const left = index < middle;
    proof.push(await (left ? subtreeRoot(node, middle, end) : subtreeRoot(node, start, middle)));
    [start, end] = left ? [start, middle] : [middle, end];
  }
  return proof.reverse();
}

/** PROOF(m, D[n]) of section 2.1.2: proves that the tree of `to` leaves begins with the tree of `from`. Throws RangeError. */
export async function consistencyProof(node: NodeReader, from: number, to: number): Promise<Hash[]> {
  if (!(Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && from <= to))
    throw new RangeError(`A tree of ${to} leaves does not begin with one of ${from}`);
  if (from === 0 || from === to) return [];
  const proof: Hash[] = [];
  let [start, end] = [0, to];
  while (end !== from) {
    const middle = start + splitOf(end - start);
    const left = from <= middle;
    proof.push(await (left ? subtreeRoot(node, middle, end) : subtreeRoot(node, start, middle)));
    [start, end] = left ? [start, middle] : [middle, end];
  }
  if (start > 0) proof.push(await subtreeRoot(node, start, end));
  return proof.reverse();
}
