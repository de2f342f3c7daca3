import type { QuarantineFact } from '../../../events/catalog/index.ts';
import { typeText } from '../../words.ts';
import type { Phrases } from './phrase.ts';

export const quarantinePhrases: Phrases<QuarantineFact> = {
  EventSkipped: ({ projection, stream, revision, eventType, reason }) =>
    `left "${typeText(eventType)}" (${revision} of ${stream}) out of read model ${projection}: "${reason}"`,
};
