export type Leaf = string | number | boolean | null;

export interface JsonDifference {
  /** The way to the value, with dots between: `doc.lines.0.status`. */
  readonly field: string;
  /** Null where there is none. An object or a list that only one side has is told as JSON. */
  readonly before: Leaf;
  readonly after: Leaf;
}

/** Every place in which two JSON values differ. */
export function jsonDifferences(field: string, before: unknown, after: unknown): JsonDifference[] {
  if (before === after) return [];
  if (isGroup(before) && isGroup(after) && Array.isArray(before) === Array.isArray(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) =>
      jsonDifferences(field === '' ? name : `${field}.${name}`, before[name], after[name]),
    );
  }
  const [was, is] = [leafOf(before), leafOf(after)];
  return was === is ? [] : [{ field, before: was, after: is }];
}

const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const leafOf = (value: unknown): Leaf => {
  if (value === undefined || value === null) return null;
  return isGroup(value) ? JSON.stringify(value) : (value as Leaf);
};
