import fc from 'fast-check';
import type { JsonSchema } from './routes.ts';

/** Values that fit a JSON schema, as far as our own schemas use it. */
export function fitting(schema: JsonSchema): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
  const union = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (union) return fc.oneof(...union.map(fitting));
  switch (schema.type) {
    case 'string':
      return text(schema);
    case 'integer':
    case 'number':
      return fc.integer({
        min: Math.ceil((schema.minimum as number) ?? 0),
        max: Math.min((schema.maximum as number) ?? 1e6, 1e6),
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(fitting(schema.items as JsonSchema), {
        minLength: (schema.minItems as number) ?? 0,
        maxLength: 3,
      });
    case 'object':
      return object(schema);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function text(schema: JsonSchema): fc.Arbitrary<string> {
  const maxLength = (schema.maxLength as number) ?? 20;
  if (typeof schema.pattern !== 'string') {
    return fc.string({
      unit: 'binary',
      minLength: (schema.minLength as number) ?? 0,
      maxLength: Math.min(maxLength, 30),
    });
  }
  // Patterns of "no control characters" are too free to be generated from.
  if (schema.pattern.includes('\\p{')) return fc.stringMatching(/^[a-zA-Z0-9äß€'"%;-]{1,12}$/);
  return fc.stringMatching(new RegExp(schema.pattern)).filter((value) => value.length <= maxLength);
}

function object(schema: JsonSchema): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  const model = Object.fromEntries(properties.map(([name, part]) => [name, fitting(part)]));
  if (properties.length === 0 && typeof schema.additionalProperties === 'object') {
    return fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fitting(schema.additionalProperties as JsonSchema), {
      maxKeys: 3,
    });
  }
  return fc.record(model, { requiredKeys: (schema.required as string[]) ?? [] });
}

const traps: readonly unknown[] = [
  null,
  '',
  0,
  -1,
  1e308,
  true,
  [],
  {},
  '\u0000',
  '\ud800',
  "'; drop table events; --",
  '../../etc/passwd',
  'x'.repeat(5_000),
  '2026-02-30',
  '9999-12-31T23:59:59Z',
  '-0',
  '1e5',
  'NaN',
  'constructor',
];

/** One place of a fitting value replaced by a trap, removed, doubled, or joined by a property that is not known. */
export function mutated(value: unknown): fc.Arbitrary<unknown> {
  const places = placesOf(value, []);
  return fc
    .tuple(fc.constantFrom(...places), fc.constantFrom(...traps), fc.constantFrom('replace', 'remove', 'add', 'double'))
    .map(([place, trap, way]) => changed(value, place, trap, way));
}

function placesOf(value: unknown, path: readonly string[]): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, part]) => placesOf(part, [...path, name]))];
}

function changed(value: unknown, [name, ...rest]: readonly string[], trap: unknown, way: string): unknown {
  if (name === undefined) {
    if (way !== 'add' || typeof value !== 'object' || value === null || Array.isArray(value)) return trap;
    // As own properties, the way JSON.parse would make them.
    return JSON.parse(
      `{"${trap === 'constructor' ? 'constructor' : '__proto__'}":{"x":1},${JSON.stringify(value).slice(1)}`.replace(
        ',}',
        '}',
      ),
    );
  }
  if (Array.isArray(value)) {
    const at = Number(name);
    if (rest.length === 0 && way === 'remove') return value.filter((_, n) => n !== at);
    if (rest.length === 0 && way === 'double') return [...value, value[at]];
    return value.map((part, n) => (n === at ? changed(part, rest, trap, way) : part));
  }
  const record = value as Record<string, unknown>;
  if (rest.length === 0 && way === 'remove')
    return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
  return { ...record, [name]: changed(record[name], rest, trap, way) };
}
