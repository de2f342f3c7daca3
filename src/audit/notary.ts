import type { Database } from '../database/database.ts';
import type { Position } from '../events/envelope.ts';
import type { EventLog } from '../events/log/port.ts';
import { isCheckpointOf } from './checkpoint/checkpoint.ts';
import { checkpointHistory, type KeptCheckpoint } from './checkpoint/history.ts';
import { CheckpointIssuer, TreeInconsistent } from './checkpoint/issuer.ts';
import { type KeyChoice, LogKey, SigningKeyMissing } from './checkpoint/key-file.ts';
import type { Verifier } from './checkpoint/keys.ts';
import { memoryIn } from './checkpoint/memory.ts';
import { placeFrom } from './checkpoint/places.ts';
import { CheckpointPublisher } from './checkpoint/publisher.ts';
import { evidencePackage, type OrderDocument } from './evidence/package.ts';
import type { Tell } from './evidence/report.ts';
import {
  type ConsistencyProof,
  consistency,
  type EventPlace,
  eventAt,
  type InclusionProof,
  inclusion,
  indexOf,
  NotUnderCheckpoint,
  placesOf,
} from './proofs.ts';
import { TreeFollower, TreeInterrupted, type TreeState } from './tree/follower.ts';
import type { LogTree } from './tree/log-tree.ts';
import { tileTable } from './tree/tile-table.ts';
import type { Finding } from './verify/findings.ts';
import type { KnownHead } from './verify/heads.ts';
import type { JournalCopy } from './verify/journal.ts';
import { type LogVerdict, verifyLog } from './verify/log.ts';
import { type StreamsVerdict, verifyStreams } from './verify/streams.ts';

export interface NotaryOptions {
  readonly log: EventLog;
  readonly database: Database;
  readonly key: KeyChoice;
  /** File beside the key that remembers what was signed. */
  readonly memoryFile: string;
  /** Where checkpoints are put (see places.ts). */
  readonly places: readonly string[];
  readonly clock: () => string;
  readonly report: (problem: { message: string; error?: unknown }) => void;
  /** Undefined where none is kept. */
  readonly journal: () => Promise<JournalCopy | undefined>;
  /** The streams that an order's history is in, its own first. */
  readonly streamsOf: (orderId: string) => Promise<readonly string[]>;
  readonly documentsOf: (orderId: string) => Promise<readonly OrderDocument[]>;
  readonly tell: Tell;
}

export interface OrderVerdict extends StreamsVerdict {
  readonly orderId: string;
  readonly checkpoint: { readonly size: number; readonly issuedAt: string };
}

export interface VerifyChoice {
  readonly signal: AbortSignal;
  /** Heads from elsewhere, beside those in the database. */
  readonly heads?: readonly KnownHead[];
  /** Instead of the key of this installation. */
  readonly verifier?: Verifier;
  readonly onProgress?: (events: number, total: number | undefined) => void;
}

/** Most events of an order that are looked at in one answer, and older checkpoints that go with evidence. */
const mostEvents = 20_000;
const olderCheckpoints = 64;

/** Tamper evidence: the tree over the log, its signed heads, proofs, verification, and evidence to take away. */
export class Notary {
  readonly #options: NotaryOptions;
  readonly #key: LogKey;
  readonly #store;
  readonly #history;
  readonly #follower: TreeFollower;
  readonly #publisher: CheckpointPublisher;

  /** Throws InvalidValue when a place is none. Nothing runs yet. */
  constructor(options: NotaryOptions) {
    const { log, database, report, clock, memoryFile, places, key } = options;
    this.#options = options;
    this.#store = tileTable(database);
    this.#history = checkpointHistory(database);
    this.#key = new LogKey(key, this.#history);
    this.#follower = new TreeFollower({ log, store: this.#store, report, retryMs: 1_000 });
    const issuer = new CheckpointIssuer({
      signer: () => this.#key.signer(),
      history: this.#history,
      memory: memoryIn(memoryFile),
      clock,
      grown: async () => {
        const tree = await this.grown();
        return { tree, size: tree.size, position: this.#follower.position };
      },
    });
    this.#publisher = new CheckpointPublisher({
      issue: () => issuer.issue(),
      tree: () => this.#follower.tree,
      places: places.map(placeFrom),
      report,
    });
  }

  /** `name+id+key`: what whoever verifies is to be given, by another way than the log. Undefined when there is no key yet. */
  async publicKey(): Promise<string | undefined> {
    return (await this.#key.verifier())?.text;
  }

  /** Follows the log; with `everyMs`, checkpoints are signed and put away by themselves. */
  start(everyMs?: number): void {
    this.#follower.start();
    if (everyMs !== undefined) this.#publisher.start(everyMs);
  }

  standing(): { readonly state: TreeState; readonly size: number; readonly position: Position | 'start' } {
    return { state: this.#follower.state, size: this.#follower.tree.size, position: this.#follower.position };
  }

  /** Signs what the log has now and puts it away. Rejects with TreeInconsistent or TreeInterrupted. */
  checkpoint(): ReturnType<CheckpointPublisher['publish']> {
    return this.#publisher.publish();
  }

  /** Newest first. */
  checkpoints(o: { readonly below?: number; readonly limit: number }): Promise<readonly KeptCheckpoint[]> {
    return this.#ofThisLog([], (origin) => this.#history.list(origin, o));
  }

  latest(): Promise<KeptCheckpoint | undefined> {
    return this.#ofThisLog(undefined, (origin) => this.#history.last(origin));
  }

  at(size: number): Promise<KeptCheckpoint | undefined> {
    return this.#ofThisLog(undefined, (origin) => this.#history.at(origin, size));
  }

  /** Undefined: there is no such event. Rejects with NotUnderCheckpoint. `size` names a checkpoint; the last one if left out. */
  async inclusion(place: EventPlace, size?: number): Promise<InclusionProof | undefined> {
    const tree = this.tree;
    const event = await eventAt(this.#options.log, tree, place);
    if (!event) return undefined;
    const checkpoint = await (size === undefined ? this.latest() : this.at(size));
    const index = await indexOf(tree, event);
    if (index === undefined || !checkpoint || index >= checkpoint.size) {
      const which = size === undefined ? 'a checkpoint yet' : `a checkpoint over ${size} events`;
      throw new NotUnderCheckpoint(`Revision ${event.revision} of ${event.stream} is not under ${which}.`);
    }
    return inclusion(tree, event, index, checkpoint);
  }

  /** Throws RangeError when the log has not so many events. */
  consistency(from: number, to = this.tree.size): Promise<ConsistencyProof> {
    return consistency(this.tree, from, to);
  }

  get tree(): LogTree {
    return this.#follower.tree;
  }

  /** Verifies what an order's history is made of, against the last checkpoint. Undefined: there is no such order. */
  async verifyOrder(orderId: string): Promise<OrderVerdict | undefined> {
    const streams = await this.#options.streamsOf(orderId);
    const disagreement = await this.#disagreement();
    const checkpoint = await this.#signedHead(await this.latest());
    const { log } = this.#options;
    const found = await verifyStreams({ log, tree: this.tree, checkpoint, streams, most: mostEvents });
    const findings = [...found.findings, ...disagreement];
    const verdict = { ...found, findings, ok: findings.length === 0 };
    if (verdict.ok && verdict.streams.every(({ events }) => events === 0)) return undefined;
    return { orderId, ...verdict, checkpoint: { size: checkpoint.size, issuedAt: checkpoint.issuedAt } };
  }

  /** Verifies the whole log, against the kept tree, every checkpoint that there is, and the journal. */
  async verifyLog({ heads = [], signal, onProgress, ...choice }: VerifyChoice): Promise<LogVerdict> {
    const verifier = choice.verifier ?? (await this.#key.verifier());
    if (!verifier)
      throw new SigningKeyMissing('There is no key here yet to verify with; give the public key of the log.');
    const { log, journal } = this.#options;
    const last = await this.#history.last(verifier.name);
    const ending = last && (await this.#history.ending(verifier.name, last.size));
    const copy = await journal();
    const total = last?.size;
    return verifyLog({
      log,
      store: this.#store,
      heads: [...(await this.#knownHeads(verifier)), ...heads],
      verifier,
      signal,
      ...(last && ending && { ending: { ...ending, size: last.size } }),
      ...(copy && { journal: copy }),
      ...(onProgress && { onProgress: (events) => onProgress(events, total) }),
    });
  }

  /** The files of the evidence about an order, under a checkpoint that covers all of it: signed now if need be. Undefined: there is no such order. */
  async evidence(orderId: string): Promise<Map<string, Buffer> | undefined> {
    const { log, streamsOf, documentsOf, clock, tell } = this.#options;
    const tree = await this.grown();
    const events = await placesOf(log, tree, await streamsOf(orderId));
    const last = events.at(-1);
    if (!last) return undefined;
    const { verifier } = await this.#key.signer();
    const covering = await this.#history.covering(verifier.name, last.index + 1);
    const checkpoint = await this.#signedHead(covering ?? (await this.checkpoint()).checkpoint);
    return evidencePackage({
      orderId,
      events,
      documents: await documentsOf(orderId),
      tree,
      checkpoint,
      older: await this.checkpoints({ below: checkpoint.size, limit: olderCheckpoints }),
      publicKey: verifier.text,
      madeAt: clock(),
      tell,
    });
  }

  /** Forgets the kept tree and makes it again from the log. What was signed stays: nothing that contradicts it is signed. */
  async rebuildTree(): Promise<void> {
    await this.#store.clear();
    await this.grown();
  }

  async close(): Promise<void> {
    await this.#publisher.close();
    await this.#follower.close();
  }

  /** What is wrong with the whole log, as far as the tree noticed by itself. */
  async #disagreement(): Promise<readonly Finding[]> {
    try {
      await this.grown();
      return [];
    } catch (error) {
      if (error instanceof TreeInterrupted) return [{ kind: 'tree-changed', detail: error.message }];
      throw error;
    }
  }

  /** The tree with everything that the log has now. Rejects with TreeInterrupted. */
  grown(): Promise<LogTree> {
    this.#follower.start();
    return this.#follower.caughtUp();
  }

  async #ofThisLog<T>(none: T, ask: (origin: string) => Promise<T>): Promise<T> {
    const verifier = await this.#key.verifier();
    return verifier ? ask(verifier.name) : none;
  }

  async #signedHead(checkpoint: KeptCheckpoint | undefined): Promise<KeptCheckpoint> {
    const verifier = await this.#key.verifier();
    if (!checkpoint || !verifier) throw new NotUnderCheckpoint('No checkpoint has been signed yet.');
    if (isCheckpointOf(checkpoint, verifier)) return checkpoint;
    throw new TreeInconsistent('The checkpoint in the database is not signed by the key of this log: it was changed.');
  }

  async #knownHeads({ name }: Verifier): Promise<KnownHead[]> {
    const heads: KnownHead[] = [];
    for await (const checkpoint of this.#history.all(name)) heads.push({ checkpoint, where: 'the database' });
    return heads;
  }
}
