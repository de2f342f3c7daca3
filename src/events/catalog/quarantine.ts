import { Type } from 'typebox';
import { closed, defineEvent, type FactOf } from './definition.ts';
import { Text } from './terms.ts';

/** Stream family `quarantine-{projection}`: what people decided about events that a read model could not take in. */

export const EventSkipped = defineEvent(
  'EventSkipped',
  1,
  'A read model leaves this event out for ever, also when it is rebuilt. The event itself stays as it is.',
  closed({
    projection: Type.String({
      description: 'Name of the read model',
      pattern: '^[a-z][a-z0-9_-]{0,59}$',
      maxLength: 60,
    }),
    stream: Type.String({ description: 'Stream of the event that is left out', minLength: 1, maxLength: 300 }),
    revision: Type.Integer({ description: 'Its place in that stream', minimum: 0, maximum: 1_000_000_000 }),
    eventType: Type.String({ description: 'What kind of event it is', minLength: 1, maxLength: 120 }),
    reason: Text,
  }),
);

export const quarantineEvents = [EventSkipped] as const;

export type QuarantineFact = FactOf<(typeof quarantineEvents)[number]>;
