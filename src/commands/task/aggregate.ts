import type { TaskFact } from '../../events/catalog/index.ts';
import { type Aggregate, accept } from '../decider.ts';

export interface TaskCommand {
  readonly kind: 'conclude';
  readonly fact: TaskFact;
}

/** Streams `task-{taskId}`. What was recorded once stays: a later answer to the same task changes nothing. */
export const taskAggregate: Aggregate<TaskFact['type'] | null, TaskCommand, TaskFact> = {
  family: 'task',
  initial: null,
  kept: () => undefined,
  decide: (state, { fact }) => (state === null ? accept(fact) : accept()),
  evolve: (_, { type }) => type,
};
