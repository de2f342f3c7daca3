import type { RecordedCommand, Telling } from '../events/envelope.ts';
import { canonicalJson } from '../values/canonical-json.ts';

/**
 * A command, kept with the first event that came of it, so that it can be decided again. Most of what was asked for stands in
 * the events anyway: only what does not is written down, and a sealed value is never anywhere but in its event.
 */

interface FactData {
  readonly data: unknown;
}

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

const memberOf = (object: Plain, name: string): unknown => (Object.hasOwn(object, name) ? object[name] : undefined);

/** Neither JSON nor a part of a fact, e.g. a personal value that no event took in: not to be written down. */
class NotPlain extends Error {}

/** Undefined where the command cannot be written down. `facts` are those that were decided, before anything in them is sealed. */
export function recordedCommand(
  command: unknown,
  facts: readonly FactData[],
  { now, recordedAt }: { readonly now: string; readonly recordedAt: string },
): RecordedCommand | undefined {
  if (!isPlain(command) || typeof command.kind !== 'string') return undefined;
  const { kind, ...members } = command;
  const base = together(facts);
  try {
    const told = Object.entries(members).filter(([, value]) => value !== undefined);
    const asked = Object.fromEntries(told.map(([name, value]) => [name, tellingOf(value, base)]));
    return { kind, asked, ...(now !== recordedAt && { received: true }) };
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

/** Later than anything that was ever told: the clock only bounds what may have happened already. */
const endOfTime = '9999-12-31T23:59:59.999Z';

/** What the clock said when the command was decided, as far as that matters. */
export const clockOf = ({ received }: RecordedCommand, recordedAt: string): string =>
  received ? endOfTime : recordedAt;

/** The command as it was given. `facts`: the events that came of it, as they were recorded. */
export function commandOf({ kind, asked }: RecordedCommand, facts: readonly FactData[]): Plain {
  const base = together(facts);
  return { kind, ...Object.fromEntries(Object.entries(asked).map(([name, telling]) => [name, told(telling, base)])) };
}

/** What the facts of a command say as one object; long lists are spread over several facts. */
function together(facts: readonly FactData[]): Plain {
  const all: Record<string, unknown> = Object.create(null);
  for (const { data } of facts) {
    if (!isPlain(data)) continue;
    for (const [name, value] of Object.entries(data)) {
      const known = all[name];
      if (known === undefined) all[name] = value;
      else if (Array.isArray(known) && Array.isArray(value)) all[name] = [...known, ...value];
    }
  }
  return all;
}

const same: Telling = {};
const isSame = (telling: Telling): boolean => Object.keys(telling).length === 0;

function tellingOf(value: unknown, base: unknown): Telling {
  if (value === base) return same;
  if (Array.isArray(value) && Array.isArray(base) && value.length === base.length) return tellingOfList(value, base);
  if (isPlain(value) && isPlain(base)) return tellingOfObject(value, base);
  return { is: plain(value) };
}

function tellingOfList(value: readonly unknown[], base: readonly unknown[]): Telling {
  const each = value.map((item, at) => tellingOf(item, base[at]));
  const [first] = each;
  if (!first || each.every(isSame)) return same;
  const text = canonicalJson(first);
  return each.every((one) => canonicalJson(one) === text) ? { each: first } : { items: each };
}

function tellingOfObject(value: Plain, base: Plain): Telling {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  if (!members.some(([name]) => memberOf(base, name) !== undefined)) return { is: plain(value) };
  const others = members
    .map(([name, member]): [string, Telling] => [name, tellingOf(member, memberOf(base, name))])
    .filter(([, telling]) => !isSame(telling));
  const without = Object.keys(base).filter(
    (name) => memberOf(base, name) !== undefined && memberOf(value, name) === undefined,
  );
  return {
    ...(without.length > 0 && { without }),
    ...(others.length > 0 && { with: Object.fromEntries(others) }),
  };
}

function plain(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (Array.isArray(value)) return value.map(plain);
  if (!isPlain(value)) throw new NotPlain();
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]));
}

function told(telling: Telling, base: unknown): unknown {
  if ('is' in telling) return telling.is;
  const { items } = telling;
  if (items) return Array.isArray(base) ? base.map((item, at) => told(items[at] ?? same, item)) : base;
  if (telling.each) return Array.isArray(base) ? base.map((item) => told(telling.each ?? same, item)) : base;
  if (isSame(telling) || !isPlain(base)) return base;
  const { without = [], with: others = {} } = telling;
  const kept = Object.entries(base).filter(([name]) => !without.includes(name) && !Object.hasOwn(others, name));
  return Object.fromEntries([
    ...kept,
    ...Object.entries(others).map(([name, other]) => [name, told(other, memberOf(base, name))]),
  ]);
}
