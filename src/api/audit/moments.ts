import { Type } from 'typebox';
import type { Moment } from '../../audit/moment.ts';
import { Code, Instant } from '../../events/catalog/terms.ts';
import { parseInstant } from '../../values/dates.ts';
import { at } from '../../values/refusal.ts';
import { positionOf } from '../http/positions.ts';

const position = Type.String({ description: 'What the log held up to this position', minLength: 1, maxLength: 64 });
const recorded = Type.Unsafe<string>({ ...Instant, description: 'What was recorded up to this instant' });
const occurred = Type.Unsafe<string>({ ...Instant, description: 'What had happened up to this instant' });

/** A moment in either time or in both, as query parameters. */
export const momentParameters = {
  position: Type.Optional(position),
  recorded: Type.Optional(recorded),
  occurred: Type.Optional(occurred),
};

/** Two moments; what is left out of the later one is now. */
export const momentsParameters = {
  fromPosition: Type.Optional(position),
  fromRecorded: Type.Optional(recorded),
  fromOccurred: Type.Optional(occurred),
  toPosition: Type.Optional(position),
  toRecorded: Type.Optional(recorded),
  toOccurred: Type.Optional(occurred),
};

interface Given {
  readonly position?: string;
  readonly recorded?: string;
  readonly occurred?: string;
}

/** Throws malformed-position, and InvalidValue for an instant that is none. `prefix` is that of the parameters: `from`. */
export function momentOf({ position, recorded, occurred }: Given, prefix = ''): Moment {
  const place = (name: string): string =>
    prefix === '' ? `?/${name}` : `?/${prefix}${name[0]?.toUpperCase()}${name.slice(1)}`;
  return {
    ...(position !== undefined && { position: positionOf(position) }),
    ...(recorded !== undefined && { recorded: at(place('recorded'), () => parseInstant(recorded)) }),
    ...(occurred !== undefined && { occurred: at(place('occurred'), () => parseInstant(occurred)) }),
  };
}

const words = (description: string) =>
  Type.String({
    description,
    pattern: '^[A-Za-z][A-Za-z0-9-]{0,59}(?:,[A-Za-z][A-Za-z0-9-]{0,59}){0,49}$',
    maxLength: 3000,
  });

/** What of a history is wanted. */
export const filterParameters = {
  types: Type.Optional(words('Event types with commas between')),
  families: Type.Optional(words('Families of streams with commas between, e.g. order,customer')),
  actor: Type.Optional(
    Type.String({ ...Code, description: 'Id of an actor, or a kind: user, customer, program, system' }),
  ),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
  by: Type.Optional(Type.Enum(['occurred', 'recorded'], { description: 'The time that orders and cuts' })),
  text: Type.Optional(Type.String({ description: 'In the sentence or in the data', minLength: 1, maxLength: 200 })),
};

interface GivenFilter {
  readonly types?: string;
  readonly families?: string;
  readonly actor?: string;
  readonly from?: string;
  readonly to?: string;
  readonly by?: 'occurred' | 'recorded';
  readonly text?: string;
}

export function filterOf({ types, families, from, to, actor, by, text }: GivenFilter) {
  return {
    ...(types !== undefined && { types: types.split(',') }),
    ...(families !== undefined && { families: families.split(',') }),
    ...(actor !== undefined && { actor }),
    ...(from !== undefined && { from: at('?/from', () => parseInstant(from)) }),
    ...(to !== undefined && { to: at('?/to', () => parseInstant(to)) }),
    ...(by !== undefined && { by }),
    ...(text !== undefined && { text }),
  };
}
