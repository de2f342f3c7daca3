import { expect } from 'vitest';
import type { Decider, Decision, DecisionContext } from '../../src/commands/decider.ts';
import type { RefusalCode } from '../../src/commands/refusals.ts';
import type { Fact } from '../../src/events/catalog/index.ts';

/** The moment of every decision in a specification, unless it says otherwise. */
export const context: DecisionContext = {
  now: '2026-03-10T12:00:00.000Z',
  occurredAt: '2026-03-10T12:00:00.000Z',
  commandId: '00000000-0000-4000-8000-000000000001',
};

export const earlier = '2026-03-01T08:00:00.000Z';

/** `given(facts).when(command).thenHappened(facts)` for one decider. Given facts happened at `earlier`. */
export function specificationOf<State, Command, F extends Fact>(decider: Decider<State, Command, F>) {
  const stateOf = (facts: readonly F[]): State =>
    facts.reduce(
      (state, fact) => decider.evolve(state, fact, { occurredAt: earlier, recordedAt: earlier }),
      decider.initial,
    );
  return {
    stateOf,
    given: (...facts: readonly F[]) => ({
      when: (command: Command, at: Partial<DecisionContext> = {}) =>
        outcomeOf(decider.decide(stateOf(facts), command, { ...context, ...at })),
    }),
  };
}

function outcomeOf<F extends Fact>(decision: Decision<F>) {
  return {
    decision,
    thenHappened(...facts: readonly F[]): void {
      expect(decision).toEqual({ ok: true, facts });
    },
    thenNothing(): void {
      expect(decision).toEqual({ ok: true, facts: [] });
    },
    thenRefused(code: RefusalCode, place?: string): void {
      expect(decision).toMatchObject({ ok: false, refusal: { code } });
      if (!decision.ok) expect(decision.refusal.place).toBe(place);
    },
  };
}
