import { InvalidValue } from './refusal.ts';

/** Text that JSON writes as it is. */
const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/**
 * The one JSON text of a value (RFC 8785): members sorted by UTF-16 code units, no white space, equal values give equal
 * bytes. Members that are undefined are left out. Throws InvalidValue for what JSON cannot say. Written here and not taken
 * from a library because every event is hashed over it: this takes less than half the time.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'boolean':
      return String(value);
    case 'number':
      if (Number.isFinite(value)) return JSON.stringify(value);
      throw new InvalidValue('not-json', `${value} has no JSON form`);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? list(value) : members(value as Record<string, unknown>);
    default:
      throw new InvalidValue('not-json', `A ${typeof value} has no JSON form`);
  }
}

const quoted = (text: string): string => (plain.test(text) ? `"${text}"` : JSON.stringify(text));

function list(values: readonly unknown[]): string {
  let json = '[';
  for (let at = 0; at < values.length; at += 1) {
    if (at > 0) json += ',';
    json += canonicalJson(values[at] ?? null);
  }
  return `${json}]`;
}

function members(object: Readonly<Record<string, unknown>>): string {
  if (typeof object.toJSON === 'function') return canonicalJson(object.toJSON());
  let json = '{';
  for (const { name, prefix } of orderOf(Object.keys(object))) {
    const member = object[name];
    if (member !== undefined) json += (json === '{' ? prefix : `,${prefix}`) + canonicalJson(member);
  }
  return `${json}}`;
}

interface Member {
  readonly name: string;
  /** `"name":` */
  readonly prefix: string;
}

/** Names in the order in which an object had them, and as they are written. */
interface Shape {
  readonly names: readonly string[];
  readonly members: readonly Member[];
}

/** Few shapes make up all events, so they are sorted once: by the number of names, those that were met first. */
const shapes: Shape[][] = [];
const mostShapes = 12;
const mostNames = 64;

function orderOf(names: readonly string[]): readonly Member[] {
  if (names.length > mostNames) return sorted(names);
  shapes[names.length] ??= [];
  const known = shapes[names.length] ?? [];
  for (const shape of known) if (isSame(shape.names, names)) return shape.members;
  const members = sorted(names);
  if (known.length < mostShapes) known.push({ names, members });
  return members;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}

const sorted = (names: readonly string[]): Member[] =>
  [...names].sort().map((name) => ({ name, prefix: `${quoted(name)}:` }));
