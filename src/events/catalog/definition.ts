import { type Static, type TObject, Type } from 'typebox';

/** One kind of event: its schema is its type, its validation and its documentation. */
export interface EventDefinition<Name extends string = string, Schema extends TObject = TObject> {
  readonly type: Name;
  readonly schemaVersion: number;
  /** One sentence for docs/events.md: the fact that this event records. */
  readonly summary: string;
  readonly schema: Schema;
}

export function defineEvent<Name extends string, Schema extends TObject>(
  type: Name,
  schemaVersion: number,
  summary: string,
  schema: Schema,
): EventDefinition<Name, Schema> {
  return { type, schemaVersion, summary, schema };
}

/** The fact `{ type, data }` of a definition, for any union of definitions. */
export type FactOf<Definition> =
  Definition extends EventDefinition<infer Name, infer Schema>
    ? { readonly type: Name; readonly data: Static<Schema> }
    : never;

/** Closed object: an unknown property is an error, never silently kept. */
export const closed = <Properties extends Parameters<typeof Type.Object>[0]>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });
