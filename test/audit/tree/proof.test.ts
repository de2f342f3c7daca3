import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyRoot, type Hash, leafHash, nodeHash } from '../../../src/audit/tree/hashing.ts';
import { verifyConsistency, verifyInclusion } from '../../../src/audit/tree/proof.ts';
import { Levels, nodeOver } from '../../../src/audit/tree/rows.ts';
import { consistencyProof, inclusionProof, rootOf } from '../../../src/audit/tree/shape.ts';
import { consistencies, inclusions, leaves, roots } from './reference.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const hex = (hash: Uint8Array): string => Buffer.from(hash).toString('hex');

function treeOf(hashes: readonly Hash[]) {
  const levels = new Levels();
  for (const hash of hashes) levels.push(hash);
  return (level: number, index: number): Hash => levels.node(level, index);
}

const reference = treeOf(leaves.map((leaf) => leafHash(bytes(leaf))));

describe('the reference tree of RFC 6962', () => {
  test('has the published roots at every size', async () => {
    for (const [size, root] of roots.entries()) expect(hex(await rootOf(reference, size))).toBe(root);
  });

  test.each(inclusions)('has the published proof of leaf $index in $size', async ({ index, size, proof }) => {
    expect((await inclusionProof(reference, index, size)).map(hex)).toEqual(proof);
    const claim = { index, size, leaf: leafHash(bytes(leaves[index] ?? '')), root: bytes(roots[size] ?? '') };
    expect(verifyInclusion({ ...claim, proof: proof.map(bytes) })).toBe(true);
  });

  test.each(consistencies)('has the published proof from $from to $to', async ({ from, to, proof }) => {
    expect((await consistencyProof(reference, from, to)).map(hex)).toEqual(proof);
    const head = (size: number) => ({ size, root: bytes(roots[size] ?? '') });
    expect(verifyConsistency(head(from), head(to), proof.map(bytes))).toBe(true);
  });
});

/** As section 2.1 defines it, word for word. */
function defined(hashes: readonly Hash[]): Hash {
  if (hashes.length === 0) return emptyRoot;
  if (hashes.length === 1) return hashes[0] as Hash;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(defined(hashes.slice(0, split)), defined(hashes.slice(split)));
}

const many = Array.from({ length: 300 }, (_, at) => leafHash(`leaf ${at}`));
const node = treeOf(many);
const sizes = fc.integer({ min: 1, max: many.length });

test('roots are those of the definition', async () => {
  for (let size = 0; size <= 70; size += 1) expect(await rootOf(node, size)).toEqual(defined(many.slice(0, size)));
  expect(await rootOf(node, 300)).toEqual(defined(many));
  expect(nodeOver(Buffer.concat(many), 4, 3)).toEqual(node(4, 3));
});

describe('a proof', () => {
  test('of inclusion holds for its leaf, place, size and root, and for nothing else', async () => {
    const place = sizes.chain((size) => fc.tuple(fc.integer({ min: 0, max: size - 1 }), fc.constant(size)));
    const property = fc.asyncProperty(place, sizes, fc.nat(299), fc.nat(), async ([index, size], other, leaf, at) => {
      const proof = await inclusionProof(node, index, size);
      const claim = { index, size, leaf: many[index] as Hash, root: await rootOf(node, size), proof };
      expect(verifyInclusion(claim)).toBe(true);
      if (leaf !== index) {
        expect(verifyInclusion({ ...claim, leaf: many[leaf] as Hash })).toBe(false);
        expect(verifyInclusion({ ...claim, index: leaf })).toBe(false);
      }
      if (other !== size) {
        expect(verifyInclusion({ ...claim, root: await rootOf(node, other) })).toBe(false);
      }
      expect(verifyInclusion({ ...claim, proof: [...proof, emptyRoot] })).toBe(false);
      if (proof.length === 0) return;
      expect(verifyInclusion({ ...claim, proof: proof.slice(1) })).toBe(false);
      const flipped = proof.map((hash) => Buffer.from(hash));
      const chosen = flipped[at % flipped.length] as Buffer;
      chosen[at % 32] = (chosen[at % 32] ?? 0) ^ 1;
      expect(verifyInclusion({ ...claim, proof: flipped })).toBe(false);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  test('of consistency holds for its two heads and for no others', async () => {
    const property = fc.asyncProperty(sizes, sizes, sizes, fc.nat(), async (a, b, other, at) => {
      const [from, to] = a < b ? [a, b] : [b, a];
      const proof = await consistencyProof(node, from, to);
      const head = async (size: number) => ({ size, root: await rootOf(node, size) });
      const [older, newer] = [await head(from), await head(to)];
      expect(verifyConsistency(older, newer, proof)).toBe(true);
      expect(verifyConsistency(older, newer, [...proof, emptyRoot])).toBe(false);
      const rewritten = { ...older, root: leafHash('another past') };
      expect(verifyConsistency(rewritten, newer, proof)).toBe(false);
      if (other !== to && other >= from)
        expect(verifyConsistency(older, { ...newer, root: (await head(other)).root }, proof)).toBe(false);
      if (proof.length === 0) return;
      const flipped = proof.map((hash) => Buffer.from(hash));
      const chosen = flipped[at % flipped.length] as Buffer;
      chosen[at % 32] = (chosen[at % 32] ?? 0) ^ 1;
      expect(verifyConsistency(older, newer, flipped)).toBe(false);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  test('is refused for places that there are not', async () => {
    await expect(inclusionProof(node, 5, 5)).rejects.toThrow(RangeError);
    await expect(consistencyProof(node, 6, 5)).rejects.toThrow(RangeError);
    const root = await rootOf(node, 5);
    expect(verifyInclusion({ index: 5, size: 5, leaf: many[5] as Hash, root, proof: [] })).toBe(false);
    expect(verifyInclusion({ index: 0, size: 1, leaf: Buffer.alloc(31), root, proof: [] })).toBe(false);
    expect(verifyConsistency({ size: 0, root: emptyRoot }, { size: 5, root }, [])).toBe(true);
    expect(verifyConsistency({ size: 0, root }, { size: 5, root }, [])).toBe(false);
  });
});
