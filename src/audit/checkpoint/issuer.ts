import type { Position } from '../../events/envelope.ts';
import type { LogTree } from '../tree/log-tree.ts';
import { isCheckpointOf, type SignedCheckpoint, signCheckpoint } from './checkpoint.ts';
import type { CheckpointHistory, KeptCheckpoint } from './history.ts';
import type { Signer, Verifier } from './keys.ts';
import type { SignedMemory } from './memory.ts';

export interface GrownTree {
  readonly tree: LogTree;
  readonly size: number;
  readonly position: Position | 'start';
}

export interface IssuerOptions {
  readonly signer: () => Promise<Signer>;
  readonly history: CheckpointHistory;
  readonly memory: SignedMemory;
  /** The tree with everything that the log has now, its size at that moment, and the position of its last event. */
  readonly grown: () => Promise<GrownTree>;
  readonly clock: () => string;
}

/** The tree does not begin with what was signed before; nothing is signed. */
export class TreeInconsistent extends Error {
  override readonly name = 'TreeInconsistent';
  readonly code = 'tree-inconsistent';
}

/**
 * Signs the head of the tree, one after another. Each head is compared with the last that was signed, as the database and as
 * the file beside the key have it: two that contradict each other are never signed.
 */
export class CheckpointIssuer {
  readonly #options: IssuerOptions;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: IssuerOptions) {
    this.#options = options;
  }

  /** Signs what the log has now, unless that is signed already. Rejects with TreeInconsistent. */
  issue(): Promise<KeptCheckpoint> {
    const issued = this.#turn.then(() => this.#issue());
    this.#turn = issued.catch(() => {});
    return issued;
  }

  async #issue(): Promise<KeptCheckpoint> {
    const { history, memory, clock } = this.#options;
    const signer = await this.#options.signer();
    const { tree, size, position } = await this.#options.grown();
    const head = await tree.head(size);
    const ending = await tree.ending(size);
    const { name } = signer.verifier;
    for (;;) {
      const last = await history.last(name);
      await mustContinue({ tree, size }, last, signer.verifier, 'the database');
      await mustContinue({ tree, size }, await memory.last(), signer.verifier, 'the file beside the key');
      if (last?.size === size) return last;
      const signed = signCheckpoint(head, signer);
      await memory.remember(signed);
      const kept = { ...signed, position, issuedAt: clock() };
      if (await history.add(kept, ending, last?.size)) return kept;
    }
  }
}

async function mustContinue(
  { tree, size }: Pick<GrownTree, 'tree' | 'size'>,
  last: SignedCheckpoint | undefined,
  verifier: Verifier,
  where: string,
): Promise<void> {
  if (last === undefined || last.origin !== verifier.name) return;
  if (!isCheckpointOf(last, verifier)) {
    throw new TreeInconsistent(`The last checkpoint in ${where} is not signed by this key: it was changed.`);
  }
  if (last.size > size) {
    throw new TreeInconsistent(
      `${last.size} events were signed (${where}), and the log has only ${size} now: it was cut off or set back.`,
    );
  }
  const { root } = await tree.head(last.size);
  if (root.equals(last.root)) return;
  throw new TreeInconsistent(
    `The first ${last.size} events are not those that were signed (${where}): the log was changed. Find out with orderfold verify.`,
  );
}
