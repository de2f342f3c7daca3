import type { TSchema } from 'typebox';

/**
 * A specification as columns of a CSV file, made from its schema. Objects become dotted columns (`weight.value`). A list of
 * words is one cell (`A|B`). A list of objects takes a row for each entry (`prices.sku`, `prices.amount`): rows of one thing
 * follow one another, and only the first has to repeat the rest. Lists inside such entries are JSON.
 */
export interface Column {
  readonly name: string;
  /** Within the specification, or within the entry of the list. */
  readonly path: readonly string[];
  readonly cell: CellKind;
  /** The list of objects that it is part of. */
  readonly list?: string;
}

export type CellKind = 'text' | 'integer' | 'boolean' | 'words' | 'json';

interface Shape {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
}

export const columnsOf = (schema: TSchema): readonly Column[] => columnsIn(schema as Shape, []);

function columnsIn(shape: Shape, path: readonly string[], list?: string): readonly Column[] {
  return Object.entries(shape.properties ?? {}).flatMap(([key, property]) => {
    const here = [...path, key];
    if (property.type === 'object') return columnsIn(property, here, list);
    if (property.type === 'array' && property.items?.type === 'object' && list === undefined)
      return columnsIn(property.items, [], here.join('.'));
    const name = list === undefined ? here.join('.') : `${list}.${here.join('.')}`;
    return [{ name, path: here, cell: cellOf(property), ...(list !== undefined && { list }) }];
  });
}

function cellOf({ type, items }: Shape): CellKind {
  if (type === 'integer' || type === 'boolean') return type;
  if (type !== 'array') return 'text';
  return items?.type === 'string' ? 'words' : 'json';
}
