import { setTimeout } from 'node:timers/promises';
import type { Fact } from '../events/catalog/index.ts';
import type { Actor, Position, Reason, Recorded, Revision, Source } from '../events/envelope.ts';
import type { EventLog } from '../events/log/port.ts';
import type { Seals } from '../events/seals/seals.ts';
import { carryOut, type Means, type Result, type Task } from './attempts.ts';
import { instantOf, isRefused } from './checks.ts';
import { type Aggregate, type Refusal, type Refused, refuse } from './decider.ts';
import { readOn, unwritten } from './folding.ts';
import { type Answer, type Claim, commandIdOf, type Receipts } from './receipts.ts';
import { streamCache } from './stream-cache.ts';
import { turns } from './turns.ts';

/** Who asks, when, why, and after what: the part of a command that is the same for every aggregate. */
export interface CommandMeta {
  /**
   * Identifies the command for ever: event ids and generated ids derive from it, so a repeat changes nothing.
   * With `idempotency` it is replaced by the id that derives from principal, key and body (see `commandIdOf`).
   */
  readonly commandId: string;
  readonly actor: Actor;
  readonly correlationId?: string;
  readonly causationId?: string;
  /** When it happened; now, if left out. */
  readonly occurredAt?: string;
  /** When it was recorded; now, if left out. Only received history and the simulation set it. */
  readonly recordedAt?: string;
  readonly reason?: Reason;
  readonly source?: Source;
  /** The caller decided on this revision (If-Match): any other is refused with `stale-version`, also after a lost race. */
  readonly expectedRevision?: Revision;
  /** Present when the caller may repeat the request: see receipts.ts. */
  readonly idempotency?: Idempotency;
  /** For callers without a receipt who may ask twice (a resumed import): the stream is searched for the command id first. */
  readonly mayBeRepeat?: boolean;
}

export interface Idempotency {
  readonly principal: string;
  readonly key: string;
  readonly bodyHash: string;
}

export type CommandOutcome<State> =
  | {
      readonly kind: 'done';
      readonly stream: string;
      readonly revision: Revision;
      readonly position: Position;
      readonly state: State;
      /** The events of this command; empty when it changed nothing. */
      readonly events: readonly Pick<Recorded, 'eventId' | 'type' | 'revision'>[];
      /** The same command was answered before. */
      readonly repeated: boolean;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly currentRevision?: Revision };

export interface Loaded<State> {
  readonly state: State;
  readonly revision: Revision | 'no-stream';
}

/** The one path from command to events. */
export interface CommandHandler {
  execute<State, Command, F extends Fact>(
    aggregate: Aggregate<State, Command, F>,
    id: string,
    command: Command,
    meta: CommandMeta,
  ): Promise<CommandOutcome<State>>;
  /** The folded stream: the newest state, or with `upTo` the state at that revision. `cached` may be some events old. */
  load<State, Command, F extends Fact>(
    aggregate: Aggregate<State, Command, F>,
    id: string,
    options?: { readonly upTo?: Revision; readonly cached?: boolean },
  ): Promise<Loaded<State>>;
  /** Waits until the answers already given are written to their receipts. */
  settle(): Promise<void>;
}

export interface HandlerOptions {
  readonly log: EventLog;
  readonly receipts?: Receipts;
  /** Without it, nothing personal can be recorded. */
  readonly seals?: Pick<Seals, 'seal'>;
  /** The current instant, RFC 3339 in UTC. */
  readonly clock: () => string;
  /** Room for folded states, in order lines; 20,000 if left out. */
  readonly cacheSize?: number;
  /** Called once per command. */
  readonly observe?: (command: ObservedCommand) => void;
  /** Told of failures that do not fail the command, e.g. a receipt that could not be completed. */
  readonly report?: (problem: { readonly message: string; readonly error: unknown }) => void;
  /** Waits so many milliseconds; for tests. */
  readonly pause?: (ms: number) => Promise<void>;
}

export interface ObservedCommand {
  readonly family: string;
  readonly outcome: 'done' | 'repeated' | 'refused';
  readonly code?: string;
  readonly attempts: number;
}

/** Builds the write path of one process: command -> receipt -> fold -> decision -> append -> receipt. */
export function createCommandHandler(options: HandlerOptions): CommandHandler {
  const { log, receipts, seals, clock, observe, report = () => {} } = options;
  const means: Means = {
    log,
    seals,
    cache: streamCache(options.cacheSize ?? 20_000),
    pause: options.pause ?? setTimeout,
  };
  const inTurn = turns();
  const writing = new Set<Promise<void>>();

  /** Receipts are written behind the answer: one that is lost costs its repeat a look into the stream, nothing more. */
  function behind(write: Promise<void>): void {
    const written: Promise<void> = write
      .catch((error: unknown) => report({ message: 'A command receipt could not be written', error }))
      .finally(() => writing.delete(written));
    writing.add(written);
  }

  async function execute<State, Command, F extends Fact>(
    aggregate: Aggregate<State, Command, F>,
    id: string,
    command: Command,
    meta: CommandMeta,
  ): Promise<CommandOutcome<State>> {
    const task = taskOf(aggregate, id, command, meta, clock());
    if (isRefused(task)) return { kind: 'refused', refusal: task.refusal };
    const { result, attempts } = await inTurn(task.stream, () => carryOut(means, task));
    observe?.({ family: aggregate.family, attempts, ...observed(result) });
    return result.kind === 'done' ? { ...result, stream: task.stream } : result;
  }

  async function executeOnce<State, Command, F extends Fact>(
    receipts: Receipts,
    asked: Idempotency,
    [aggregate, id, command, meta]: [Aggregate<State, Command, F>, string, Command, CommandMeta],
  ): Promise<CommandOutcome<State>> {
    const claimed = await receipts.claim(asked);
    if (claimed.kind === 'answered') return recall(means, aggregate, streamOf(aggregate, id), claimed.answer);
    const refusal = refusalOf(claimed);
    if (refusal) return { kind: 'refused', refusal };
    const mayBeRepeat = claimed.kind === 'taken-over' || (meta.mayBeRepeat ?? false);
    try {
      const outcome = await execute(aggregate, id, command, { ...meta, mayBeRepeat });
      behind(settleReceipt(receipts, asked, outcome));
      return outcome;
    } catch (error) {
      behind(receipts.leaveOpen(asked));
      throw error;
    }
  }

  return {
    execute(aggregate, id, command, asked) {
      const { idempotency } = asked;
      const meta = { ...asked, commandId: commandIdOf(asked) };
      if (!receipts || !idempotency) return execute(aggregate, id, command, meta);
      return executeOnce(receipts, idempotency, [aggregate, id, command, meta]);
    },
    load: (aggregate, id, how = {}) => load(means, aggregate, streamOf(aggregate, id), how),
    async settle() {
      await Promise.all(writing);
    },
  };
}

const streamOf = (aggregate: { readonly family: string }, id: string): string => `${aggregate.family}-${id}`;

function taskOf<State, Command, F extends Fact>(
  aggregate: Aggregate<State, Command, F>,
  id: string,
  command: Command,
  meta: CommandMeta,
  now: string,
): Task<State, Command, F> | Refused {
  const { commandId, actor, correlationId = commandId, causationId = commandId, reason, source } = meta;
  const occurredAt = meta.occurredAt === undefined ? now : instantOf(meta.occurredAt, '/occurredAt');
  if (isRefused(occurredAt)) return occurredAt;
  const recordedAt = meta.recordedAt === undefined ? now : instantOf(meta.recordedAt, '/recordedAt');
  if (isRefused(recordedAt)) return recordedAt;
  return {
    aggregate,
    stream: streamOf(aggregate, id),
    command,
    context: { now, occurredAt, commandId },
    metadata: {
      ...{ occurredAt, recordedAt, actor, commandId, correlationId, causationId },
      ...(reason && { reason }),
      ...(source && { source }),
    },
    expectedRevision: meta.expectedRevision,
    mayBeRepeat: meta.mayBeRepeat ?? false,
  };
}

function observed(result: Result<unknown>): Pick<ObservedCommand, 'outcome' | 'code'> {
  if (result.kind === 'refused') return { outcome: 'refused', code: result.refusal.code };
  return { outcome: result.repeated ? 'repeated' : 'done' };
}

async function load<State, Command, F extends Fact>(
  { log, cache }: Means,
  aggregate: Aggregate<State, Command, F>,
  stream: string,
  { upTo, cached = false }: { readonly upTo?: Revision; readonly cached?: boolean },
): Promise<Loaded<State>> {
  const known = cache.get<State>(stream);
  if (known && (upTo === undefined ? cached : known.revision === upTo)) return known;
  const from = upTo === undefined && known ? known : unwritten(aggregate.initial);
  const { folded } = await readOn(log, aggregate, stream, from, upTo === undefined ? {} : { upTo });
  if (upTo === undefined) cache.put(aggregate, stream, folded);
  return folded;
}

function refusalOf(claim: Claim): Refusal | undefined {
  if (claim.kind === 'reused')
    return refuse('idempotency-key-reused', 'The key was used with another request; give this one its own').refusal;
  if (claim.kind === 'in-flight')
    return refuse('command-in-flight', 'The request with this key is still being processed; repeat it in a moment')
      .refusal;
  return undefined;
}

/** The answer of the first time, with the state as it was then. */
async function recall<State, Command, F extends Fact>(
  means: Means,
  aggregate: Aggregate<State, Command, F>,
  stream: string,
  answer: Answer,
): Promise<CommandOutcome<State>> {
  if (answer.kind === 'refused') return answer;
  if (answer.stream !== stream)
    throw new Error(`The receipt tells of ${answer.stream}, the repeated command of ${stream}`);
  const { state } = await load(means, aggregate, stream, { upTo: answer.revision });
  return { ...answer, state, repeated: true };
}

/** What is true now only: the same command may be done later. */
const askAgain: ReadonlySet<string> = new Set([
  'stale-version',
  'stream-busy',
  'master-key-missing',
  'master-key-wrong',
]);

/** Answers are kept, except those that say: ask again. */
function settleReceipt(receipts: Receipts, asked: Idempotency, outcome: CommandOutcome<unknown>): Promise<void> {
  if (outcome.kind === 'done') {
    const { kind, stream, revision, position, events } = outcome;
    return receipts.answer(asked, { kind, stream, revision, position, events });
  }
  const { code } = outcome.refusal;
  if (code === 'outcome-unknown') return receipts.leaveOpen(asked);
  if (askAgain.has(code)) return receipts.drop(asked);
  return receipts.answer(asked, outcome);
}
