import { emptyRoot, type Hash, hashBytes, nodeHash } from './hashing.ts';

/** Checks of proofs, as RFC 9162 describes them (sections 2.1.3.2 and 2.1.4.2). Pure: they trust nothing but what they are given. */

const isEven = (n: number): boolean => n % 2 === 0;
const half = (n: number): number => Math.floor(n / 2);
const areHashes = (hashes: readonly Uint8Array[]): boolean => hashes.every(({ length }) => length === hashBytes);

export interface Inclusion {
  /** Of the leaf, from 0, in the tree of `size` leaves. */
  readonly index: number;
  readonly size: number;
  readonly leaf: Uint8Array;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Whether the proof shows that the leaf is at that index of the tree with that size and root. */
export function verifyInclusion({ index, size, leaf, root, proof }: Inclusion): boolean {
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size)) return false;
  if (!areHashes([leaf, root, ...proof])) return false;
  let [at, last] = [index, size - 1];
  let found: Uint8Array = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (!isEven(at) || at === last) {
      found = nodeHash(sibling, found);
      while (isEven(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else found = nodeHash(found, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && Buffer.compare(found, root) === 0;
}

/** The head of a tree: how many leaves, and their root. */
export interface TreeHead {
  readonly size: number;
  readonly root: Hash;
}

/** Whether the proof shows that the tree of `to` begins with the tree of `from`. */
export function verifyConsistency(from: TreeHead, to: TreeHead, proof: readonly Uint8Array[]): boolean {
  if (!(Number.isSafeInteger(from.size) && Number.isSafeInteger(to.size) && from.size >= 0 && from.size <= to.size))
    return false;
  if (!areHashes([from.root, to.root, ...proof])) return false;
  if (from.size === to.size) return proof.length === 0 && from.root.equals(to.root);
  if (from.size === 0) return proof.length === 0 && from.root.equals(emptyRoot);
  // The root of a whole subtree is not in the proof: it is known.
  const [first, ...rest] = Number.isInteger(Math.log2(from.size)) ? [from.root, ...proof] : proof;
  if (first === undefined) return false;
  let [at, last] = [from.size - 1, to.size - 1];
  while (!isEven(at)) [at, last] = [half(at), half(last)];
  let [older, newer]: [Uint8Array, Uint8Array] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (!isEven(at) || at === last) {
      older = nodeHash(sibling, older);
      newer = nodeHash(sibling, newer);
      while (isEven(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else newer = nodeHash(newer, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && from.root.equals(older) && to.root.equals(newer);
}
