import type { TaskFact } from '../../../events/catalog/index.ts';
import type { Phrases } from './phrase.ts';

export const taskPhrases: Phrases<TaskFact> = {
  TaskConcluded: ({ process, instance, name }) => `carried out "${name}" for the process ${process} of ${instance}`,
  TaskRefused: ({ process, instance, name, code, message }) =>
    `refused "${name}" to the process ${process} of ${instance}: ${message} (${code})`,
};
