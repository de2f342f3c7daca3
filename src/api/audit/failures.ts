import { TreeInconsistent } from '../../audit/checkpoint/issuer.ts';
import { SigningKeyMissing } from '../../audit/checkpoint/key-file.ts';
import { NotUnderCheckpoint } from '../../audit/proofs.ts';
import { TreeInterrupted } from '../../audit/tree/follower.ts';
import { LostTile } from '../../audit/tree/log-tree.ts';
import { Problem } from '../problems.ts';

/** Turns what the audit room says into problems. */
export async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof NotUnderCheckpoint) throw new Problem('not-under-checkpoint', { detail: error.message });
    if (error instanceof TreeInconsistent) throw new Problem('tree-inconsistent', { detail: error.message });
    if (error instanceof TreeInterrupted || error instanceof LostTile || error instanceof SigningKeyMissing) {
      throw new Problem('tree-not-ready', { detail: error.message, headers: { 'retry-after': '10' } });
    }
    throw error;
  }
}
