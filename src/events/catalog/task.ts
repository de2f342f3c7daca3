import { Type } from 'typebox';
import { closed, defineEvent, type FactOf } from './definition.ts';
import { Code, Text } from './terms.ts';

/**
 * Stream family `task-{taskId}`: what became of a command that a process asked for, where the events of the command do not
 * tell it. A process hears of that as it hears of everything else: by an event.
 */

const task = {
  process: Code,
  instance: Code,
  taskId: Type.String({ maxLength: 36 }),
  name: Text,
};

export const TaskConcluded = defineEvent(
  'TaskConcluded',
  1,
  'A command that a process asked for was carried out; it left nothing that the process hears of.',
  closed(task),
);

export const TaskRefused = defineEvent(
  'TaskRefused',
  1,
  'A command that a process asked for was refused.',
  closed({ ...task, code: Code, message: Text }),
);

export const taskEvents = [TaskConcluded, TaskRefused] as const;

export type TaskFact = FactOf<(typeof taskEvents)[number]>;
