import type { Fact } from '../events/catalog/index.ts';
import { startOfChain } from '../events/chain.ts';
import { decodeEvent } from '../events/decode.ts';
import type { Position, Recorded, Revision } from '../events/envelope.ts';
import type { EventLog } from '../events/log/port.ts';
import type { Aggregate } from './decider.ts';

/** A stream folded up to a revision, with what an append after it needs to know. */
export interface Folded<State> {
  readonly state: State;
  readonly revision: Revision | 'no-stream';
  /** Hash of the last event. */
  readonly hash: string;
  /** Position of the last event; absent before the first. */
  readonly position?: Position;
  /** Ids of the latest commands in the stream, at most 32. */
  readonly commands: readonly string[];
  /** `commands` are all there are: an id that is not among them is new. */
  readonly allCommands: boolean;
}

/** What a command left in the stream. */
export interface Found<State> {
  readonly state: State;
  readonly revision: Revision;
  readonly position: Position;
  readonly events: readonly Pick<Recorded, 'eventId' | 'type' | 'revision'>[];
}

const rememberedCommands = 32;

export const unwritten = <State>(initial: State): Folded<State> => ({
  state: initial,
  revision: 'no-stream',
  hash: startOfChain,
  commands: [],
  allCommands: true,
});

export function remembering(folded: Pick<Folded<unknown>, 'commands' | 'allCommands'>, commandId: string) {
  if (folded.commands.at(-1) === commandId) return { commands: folded.commands, allCommands: folded.allCommands };
  const commands = [...folded.commands, commandId];
  const kept = commands.slice(-rememberedCommands);
  return { commands: kept, allCommands: folded.allCommands && kept.length === commands.length };
}

/** Reads on from `from` and folds; on the way picks up what the command with this id left behind. Throws MalformedEvent. */
export async function readOn<State, Command, F extends Fact>(
  log: EventLog,
  aggregate: Aggregate<State, Command, F>,
  stream: string,
  from: Folded<State>,
  o: { readonly upTo?: Revision; readonly commandId?: string } = {},
): Promise<{ readonly folded: Folded<State>; readonly found?: Found<State> }> {
  let folded = from;
  let found: Found<State> | undefined;
  const range = {
    ...(from.revision !== 'no-stream' && { after: from.revision }),
    ...(o.upTo !== undefined && { upTo: o.upTo }),
  };
  for await (const recorded of log.readStream(stream, range)) {
    folded = foldedWith(aggregate, folded, recorded);
    if (recorded.metadata.commandId === o.commandId) found = foundWith(found, folded.state, recorded);
  }
  return found ? { folded, found } : { folded };
}

function foldedWith<State, Command, F extends Fact>(
  aggregate: Aggregate<State, Command, F>,
  folded: Folded<State>,
  recorded: Recorded,
): Folded<State> {
  const event = decodeEvent(recorded);
  return {
    state: aggregate.evolve(folded.state, event as unknown as F, event.metadata),
    revision: event.revision,
    hash: event.metadata.hash,
    position: event.position,
    ...remembering(folded, event.metadata.commandId),
  };
}

const foundWith = <State>(found: Found<State> | undefined, state: State, recorded: Recorded): Found<State> => {
  const { eventId, type, revision, position } = recorded;
  return { state, revision, position, events: [...(found?.events ?? []), { eventId, type, revision }] };
};
