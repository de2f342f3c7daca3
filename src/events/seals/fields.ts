import type { TSchema } from 'typebox';
import { catalog } from '../catalog/index.ts';
import { plainOf } from '../catalog/sealed.ts';

/** Where the sealed values of an event type lie: names of members from the outside in, `*` for every element of a list. */
type Path = readonly string[];

/** Sealed fields by event type; only types that have some. */
export const sealedFields: ReadonlyMap<string, readonly Path[]> = new Map(
  [...catalog.values()]
    .map(({ type, schema }) => [type, pathsIn(schema, [])] as const)
    .filter(([, paths]) => paths.length > 0),
);

function pathsIn(schema: TSchema, at: Path): readonly Path[] {
  if (plainOf(schema)) return [at];
  const { properties = {}, items } = schema as { properties?: Record<string, TSchema>; items?: TSchema };
  return [
    ...Object.entries(properties).flatMap(([name, member]) => pathsIn(member, [...at, name])),
    ...(items ? pathsIn(items, [...at, '*']) : []),
  ];
}

export type Change = (value: unknown, field: string) => unknown;

/** The data of an event with every sealed field changed; anything else keeps its identity. Fields that are absent stay so. */
export function changeSealed(type: string, data: unknown, change: Change): unknown {
  const paths = sealedFields.get(type) ?? [];
  return paths.reduce((changed, path) => changeAt(changed, path, '', change), data);
}

function changeAt(value: unknown, [step, ...rest]: Path, field: string, change: Change): unknown {
  if (value === undefined || value === null) return value;
  if (step === undefined) return change(value, field);
  if (step === '*') return (value as unknown[]).map((one, at) => changeAt(one, rest, `${field}/${at}`, change));
  const object = value as Readonly<Record<string, unknown>>;
  const before = object[step];
  const after = changeAt(before, rest, `${field}/${step}`, change);
  return after === before ? value : { ...object, [step]: after };
}
