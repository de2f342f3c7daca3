import type { Position, Revision } from '../../events/envelope.ts';

/** What can be wrong with a log. Each says what was done to it; the tree and the checkpoints decide what it was before. */
export type FindingKind =
  /** The content of an event is another one, or no event at all. */
  | 'data-changed'
  | 'metadata-changed'
  | 'content-changed'
  | 'unreadable'
  /** A column of the store says something else than the JSON beside it. */
  | 'column-changed'
  | 'deleted'
  /** Events at the end of what was signed are gone. */
  | 'truncated'
  | 'inserted'
  /** At another place in the order of the log. */
  | 'reordered'
  /** At another revision or in another stream. */
  | 'relabelled'
  /** An event does not follow the one before it in its stream. */
  | 'chain-broken'
  /** Somewhere among these events; nothing that can be trusted says where exactly. */
  | 'rewritten'
  /** The first events, so many, are not those under a checkpoint. */
  | 'checkpoint-differs'
  | 'checkpoint-forged'
  /** The stored tree is not that of any signed head. */
  | 'tree-changed'
  | 'journal-differs'
  | 'journal-damaged';

export interface Finding {
  readonly kind: FindingKind;
  readonly stream?: string;
  readonly revision?: Revision;
  readonly position?: Position;
  /** Counted from 0 in the order of the log as it was signed, else as it is. */
  readonly index?: number;
  /** The content fits its own hash and the event before it: whoever changed it made the chain again. */
  readonly rehashed?: true;
  /** For people. */
  readonly detail: string;
}

/** Keeps so many and counts the rest: a log that was cut in the middle of a stream has no end of them. */
export class Findings {
  readonly #kept: Finding[] = [];
  readonly #most: number;
  total = 0;

  constructor(most = 1_000) {
    this.#most = most;
  }

  add(finding: Finding): void {
    this.total += 1;
    if (this.#kept.length < this.#most) this.#kept.push(finding);
  }

  get kept(): readonly Finding[] {
    return this.#kept;
  }
}
