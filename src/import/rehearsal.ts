import { LRUCache } from 'lru-cache';
import type { CommandHandler } from '../commands/handle.ts';

/** Orders under way at the same time are far fewer. */
const rememberedStates = 2_000;

/**
 * A command handler that decides but records nothing: it starts from what is recorded and keeps the states of the
 * latest streams in memory.
 */
export function rehearsal(real: CommandHandler, now: string): CommandHandler {
  const states = new LRUCache<string, { readonly state: unknown; readonly revision: number }>({
    max: rememberedStates,
  });
  return {
    load: (aggregate, id, options) => real.load(aggregate, id, options),
    settle: async () => {},
    async execute(aggregate, id, command, meta) {
      type State = typeof aggregate.initial;
      const stream = `${aggregate.family}-${id}`;
      const before = states.get(stream) ?? (await real.load(aggregate, id));
      const { occurredAt = now, recordedAt = now, commandId } = meta;
      const decision = aggregate.decide(before.state as State, command, { now, occurredAt, commandId });
      if (!decision.ok) return { kind: 'refused', refusal: decision.refusal };
      const start = before.revision === 'no-stream' ? -1 : before.revision;
      const state = decision.facts.reduce(
        (folded, fact) => aggregate.evolve(folded, fact, { occurredAt, recordedAt }),
        before.state as State,
      );
      const revision = start + decision.facts.length;
      states.set(stream, { state, revision });
      const events = decision.facts.map(({ type }, index) => ({ eventId: '', type, revision: start + 1 + index }));
      return { kind: 'done', stream, revision, position: '', state, events, repeated: false };
    },
  };
}
