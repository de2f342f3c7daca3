import { type Static, type TSchema, Type } from 'typebox';
import type { PersonalField } from '../seals/personal.ts';
import { closed } from './definition.ts';

/** Id of a person. It says nothing about the person; what does lies in sealed values under this id. */
export const PersonId = Type.String({
  description: 'Id of a person (UUID); says nothing about the person',
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
  maxLength: 36,
});

const boxed = {
  person: PersonId,
  key: Type.Integer({ description: 'Which key of the person', minimum: 1, maximum: 1_000_000 }),
  box: Type.String({
    description: 'AES-256-GCM: nonce, tag and ciphertext, base64url',
    pattern: '^[A-Za-z0-9_-]+$',
    maxLength: 16_000,
  }),
};

/**
 * A field that tells something about a person: recorded as ciphertext under a key of the person, bound to the stream, the type
 * of the event and the field. `plain` is what it holds when it is opened. Generic code finds these fields by the schema.
 */
export const sealed = <Plain extends TSchema>(plain: Plain) =>
  Type.Unsafe<PersonalField<Static<Plain>>>({ ...closed(boxed), sealed: plain });

/** What a sealed field holds when it is opened; undefined for any other schema. */
export const plainOf = (schema: TSchema): TSchema | undefined =>
  'sealed' in schema ? (schema.sealed as TSchema) : undefined;
