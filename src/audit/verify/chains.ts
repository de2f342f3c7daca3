import { nextRevision, startOfChain } from '../../events/chain.ts';
import type { RawEvent } from '../../events/log/bulk.ts';
import type { Digest } from '../digest.ts';
import type { Finding } from './findings.ts';

interface End {
  readonly revision: number;
  readonly hash: unknown;
}

/** The chains of all streams, followed event by event in any order that keeps each stream in order. */
export class Chains {
  readonly #ends = new Map<string, End>();

  /** What is wrong with this event in its stream, if anything. Goes on from what the event says of itself. */
  follow({ place, prevHash, hash, fits }: Digest): Finding | undefined {
    const { stream, revision, position } = place;
    const end = this.#ends.get(stream);
    this.#ends.set(stream, { revision, hash });
    const at = { stream, revision, position };
    const expected = nextRevision(end?.revision ?? 'no-stream');
    if (revision !== expected) {
      return { kind: 'chain-broken', ...at, detail: `revision ${revision} comes where revision ${expected} should` };
    }
    if (prevHash !== (end?.hash ?? startOfChain)) {
      return { kind: 'chain-broken', ...at, detail: 'it does not follow the event before it: the hashes differ' };
    }
    if (fits) return undefined;
    return { kind: 'content-changed', ...at, detail: 'its content is not what its hash was made of' };
  }

  /** An event that cannot be read: what comes after it has nothing to follow. */
  skip({ stream, revision }: Pick<RawEvent, 'stream' | 'revision'>): void {
    this.#ends.set(stream, { revision, hash: undefined });
  }
}
