import { hash } from 'node:crypto';

/** Hashes of the Merkle tree of RFC 6962, section 2.1 (the same in RFC 9162): SHA-256 with a prefix that tells leaves from nodes. */

/** SHA-256: 32 bytes. */
export type Hash = Buffer;

export const hashBytes = 32;

const sha256 = (data: string | Uint8Array): Hash => hash('sha256', data, 'buffer');

/** The root of a tree without leaves. */
export const emptyRoot: Hash = sha256('');

/** SHA-256(0x00 || data). Text is hashed as UTF-8. */
export const leafHash = (data: string | Uint8Array): Hash =>
  typeof data === 'string' ? sha256(`\0${data}`) : sha256(Buffer.concat([Uint8Array.of(0), data]));

/** SHA-256(0x01 || left || right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Hash {
  const both = Buffer.allocUnsafe(1 + 2 * hashBytes);
  both[0] = 1;
  both.set(left, 1);
  both.set(right, 1 + hashBytes);
  return sha256(both);
}

/** The hash at a place of a row of hashes: a view. */
export const hashAt = (row: Buffer, index: number): Hash => row.subarray(index * hashBytes, (index + 1) * hashBytes);
