import { InvalidValue } from '../../values/refusal.ts';
import { hashBytes } from '../tree/hashing.ts';
import type { TreeHead } from '../tree/proof.ts';
import type { Signer, Verifier } from './keys.ts';
import { isSignedBy, parseNote, signNote } from './note.ts';

/** The signed head of the tree (https://c2sp.org/tlog-checkpoint): origin, size and root, each on a line. */
export interface Checkpoint extends TreeHead {
  /** Names the log; also the name of its key. */
  readonly origin: string;
}

export interface SignedCheckpoint extends Checkpoint {
  /** The whole signed note. */
  readonly note: string;
}

export const checkpointText = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${root.toString('base64')}\n`;

export function signCheckpoint(head: TreeHead, signer: Signer): SignedCheckpoint {
  const checkpoint = { origin: signer.verifier.name, ...head };
  return { ...checkpoint, note: signNote(checkpointText(checkpoint), signer) };
}

/** Reads a checkpoint without asking who signed it. Throws InvalidValue. */
export function parseCheckpoint(note: string): SignedCheckpoint {
  const [origin = '', size = '', root = '', ...extensions] = parseNote(note).text.slice(0, -1).split('\n');
  const hash = Buffer.from(root, 'base64');
  const isSize = /^(?:0|[1-9]\d{0,15})$/.test(size) && Number.isSafeInteger(Number(size));
  const isRoot = hash.length === hashBytes && hash.toString('base64') === root;
  if (origin !== '' && isSize && isRoot && !extensions.includes(''))
    return { origin, size: Number(size), root: hash, note };
  throw new InvalidValue('malformed-checkpoint', 'This is not a checkpoint: origin, size and root, each on a line.');
}

/** Whether the log with this key signed it, and just this. */
export function isCheckpointOf(checkpoint: SignedCheckpoint, verifier: Verifier): boolean {
  if (checkpoint.origin !== verifier.name) return false;
  try {
    const note = parseNote(checkpoint.note);
    return note.text.startsWith(checkpointText(checkpoint)) && isSignedBy(note, verifier);
  } catch (error) {
    if (error instanceof InvalidValue) return false;
    throw error;
  }
}
