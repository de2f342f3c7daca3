import type { TaskFact } from '../../../events/catalog/index.ts';
import type { Phrases } from './phrase.ts';

export const taskPhrases: Phrases<TaskFact> = {
  TaskConcluded: ({ process, name }) => `did "${name}" as ${process} asked`,
  TaskRefused: ({ process, name, message }) => `could not do "${name}" as ${process} asked: ${message}`,
};
