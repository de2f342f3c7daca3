import type { Fact } from '../events/catalog/index.ts';
import { type CommandMetadata, nextRevision, seal } from '../events/chain.ts';
import type { Revision } from '../events/envelope.ts';
import type { EventLog } from '../events/log/port.ts';
import { sealedFields } from '../events/seals/fields.ts';
import { MasterKeyProblem, PersonErased } from '../events/seals/problems.ts';
import type { Seals } from '../events/seals/seals.ts';
import { appendCertainly } from './certainty.ts';
import { isRefused } from './checks.ts';
import { type Aggregate, type Decision, type DecisionContext, type Refusal, type Refused, refuse } from './decider.ts';
import { type Folded, type Found, readOn, remembering, unwritten } from './folding.ts';
import { recordedCommand } from './recorded.ts';
import type { StreamCache } from './stream-cache.ts';

/** One command on its way into one stream. */
export interface Task<State, Command, F extends Fact> {
  readonly aggregate: Aggregate<State, Command, F>;
  readonly stream: string;
  readonly command: Command;
  readonly context: DecisionContext;
  readonly metadata: CommandMetadata;
  readonly expectedRevision?: Revision | undefined;
  /** Events of this command may lie in the stream already. */
  readonly mayBeRepeat: boolean;
}

export interface Means {
  readonly log: EventLog;
  readonly cache: StreamCache;
  /** Seals what the facts say about persons. Without it such facts cannot be recorded. */
  readonly seals?: Pick<Seals, 'seal'> | undefined;
  readonly pause: (ms: number) => Promise<void>;
}

export type Result<State> =
  | ({ readonly kind: 'done'; readonly repeated: boolean } & Found<State>)
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly currentRevision?: Revision };

const mostAttempts = 8;

/**
 * Decides and appends until the outcome is certain. A conflict is decided again on what the others wrote; a refusal is
 * given only after reading to the end of the stream, so a state from the cache never refuses wrongly.
 */
export async function carryOut<State, Command, F extends Fact>(
  means: Means,
  task: Task<State, Command, F>,
): Promise<{ readonly result: Result<State>; readonly attempts: number }> {
  let seen = await firstLook(means, task);
  for (let attempts = 1; attempts <= mostAttempts; attempts += 1) {
    if (seen.found) return { result: done(seen.found, true), attempts };
    const decision = decideOn(seen.folded, task);
    if (!decision.ok || decision.facts.length === 0) {
      if (seen.toTheEnd) {
        const result = decision.ok ? await nothingDone(means.log, seen.folded) : refused(decision.refusal, seen.folded);
        return { result, attempts };
      }
      seen = await look(means, task, seen.folded);
      continue;
    }
    const outcome = await write(means, task, seen.folded, decision.facts);
    if (outcome.kind !== 'overtaken') return { result: outcome, attempts };
    seen = await lookAgain(means, task, seen.folded);
  }
  if (seen.found) return { result: done(seen.found, true), attempts: mostAttempts };
  const busy = refuse('stream-busy', `Others kept changing ${task.stream} meanwhile; repeat the command`);
  return { result: refused(busy.refusal, seen.folded), attempts: mostAttempts };
}

interface Seen<State> {
  readonly folded: Folded<State>;
  /** The command itself, if it was carried out before. */
  readonly found?: Found<State>;
  /** Read from the log just now, not taken from the cache or for granted. */
  readonly toTheEnd: boolean;
}

/**
 * The cached state, or the stream. A command that opens its stream does not read it: if the stream exists after all, the
 * append says so. A command that may be a repeat is looked for, unless the cache knows every command of the stream.
 */
async function firstLook<State, Command, F extends Fact>(
  means: Means,
  task: Task<State, Command, F>,
): Promise<Seen<State>> {
  const { aggregate, stream, command, metadata, mayBeRepeat } = task;
  const opens = aggregate.opens?.(command) ?? false;
  const cached = means.cache.get<State>(stream);
  if (cached) {
    const certainlyNew =
      !cached.commands.includes(metadata.commandId) && (cached.allCommands || !(mayBeRepeat || opens));
    if (certainlyNew) return { folded: cached, toTheEnd: false };
  } else if (opens && !mayBeRepeat) {
    return { folded: unwritten(aggregate.initial), toTheEnd: false };
  }
  return look(means, task, unwritten(aggregate.initial));
}

/** Reads on after a conflict. Where that finds nothing new, the log does not have what the cache holds: reads from the start. */
async function lookAgain<State, Command, F extends Fact>(
  means: Means,
  task: Task<State, Command, F>,
  from: Folded<State>,
): Promise<Seen<State>> {
  const seen = await look(means, task, from);
  if (seen.folded.revision !== from.revision || from.revision === 'no-stream') return seen;
  means.cache.drop(task.stream);
  return look(means, task, unwritten(task.aggregate.initial));
}

async function look<State, Command, F extends Fact>(
  { log, cache }: Means,
  { aggregate, stream, metadata }: Task<State, Command, F>,
  from: Folded<State>,
): Promise<Seen<State>> {
  const read = await readOn(log, aggregate, stream, from, { commandId: metadata.commandId });
  cache.put(aggregate, stream, read.folded);
  return { ...read, toTheEnd: true };
}

function decideOn<State, Command, F extends Fact>(
  { state, revision }: Folded<State>,
  { aggregate, command, context, expectedRevision, stream }: Task<State, Command, F>,
): Decision<F> {
  if (expectedRevision === undefined || revision === expectedRevision) return aggregate.decide(state, command, context);
  return refuse(
    'stale-version',
    `${stream} is at version ${revision}, not ${expectedRevision}; read it and decide again`,
  );
}

async function write<State, Command, F extends Fact>(
  means: Means,
  task: Task<State, Command, F>,
  folded: Folded<State>,
  decided: readonly F[],
): Promise<Result<State> | { readonly kind: 'overtaken' }> {
  const { aggregate, stream, metadata } = task;
  const facts = await withoutPersonalData(means, stream, decided);
  if (isRefused(facts)) return refused(facts.refusal, folded);
  const end = { stream, revision: folded.revision, hash: folded.hash };
  const sealed = seal(end, facts, metadata, kept(task, decided));
  const outcome = await appendCertainly(means, task, folded, sealed);
  if (outcome.kind === 'overtaken') return outcome;
  if (outcome.kind === 'refused') return refused(outcome.refusal, folded);
  if (outcome.kind === 'found') return done(outcome.found, false);
  if (task.mayBeRepeat) {
    // Whoever had the command before may have appended the same ids at the same moment: the log keeps one of the two.
    const { found } = await look(means, task, folded);
    if (found) return done(found, false);
  }
  const { revision, position } = outcome;
  const state = facts.reduce((before, fact) => aggregate.evolve(before, fact, metadata), folded.state);
  const hash = sealed.at(-1)?.metadata.hash ?? folded.hash;
  means.cache.put(aggregate, stream, { state, revision, hash, position, ...remembering(folded, metadata.commandId) });
  const first = nextRevision(folded.revision);
  const events = sealed.map(({ eventId, type }, index) => ({ eventId, type, revision: first + index }));
  return done({ state, revision, position, events }, false);
}

/** What persons are called and where they live is sealed before anything is kept of it, in the log or in memory. */
async function withoutPersonalData<F extends Fact>(
  { seals }: Means,
  stream: string,
  facts: readonly F[],
): Promise<readonly F[] | Refused> {
  if (!facts.some(({ type }) => sealedFields.has(type))) return facts;
  try {
    if (!seals) throw new MasterKeyProblem('master-key-missing');
    return await seals.seal(stream, facts);
  } catch (error) {
    if (error instanceof PersonErased) return refuse('person-erased', error.message);
    if (error instanceof MasterKeyProblem) return refuse(error.code, error.message);
    throw error;
  }
}

/** The command as it goes into the log. */
const kept = <State, Command, F extends Fact>(
  { aggregate, command, context, metadata }: Task<State, Command, F>,
  decided: readonly F[],
) =>
  recordedCommand(aggregate.kept ? aggregate.kept(command) : command, decided, {
    now: context.now,
    recordedAt: metadata.recordedAt,
  });

const done = <State>(found: Found<State>, repeated: boolean): Result<State> => ({ kind: 'done', repeated, ...found });

const refused = (refusal: Refusal, { revision }: Folded<unknown>): Result<never> =>
  revision === 'no-stream' ? { kind: 'refused', refusal } : { kind: 'refused', refusal, currentRevision: revision };

/** The command found everything as it asks for. */
async function nothingDone<State>(log: EventLog, { state, revision, position }: Folded<State>): Promise<Result<State>> {
  if (revision === 'no-stream') throw new Error('A command decided to leave a stream unwritten; it should be refused');
  return done({ state, revision, position: position ?? (await log.head()), events: [] }, false);
}
