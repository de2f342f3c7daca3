import { changeSealed, sealedFields } from './fields.ts';
import type { OwnedKeys } from './person-keys.ts';
import type { Sealed } from './personal.ts';

/** Where a value was sealed: it opens nowhere else. */
export interface Place {
  readonly stream: string;
  readonly type: string;
  /** JSON pointer into the data of the event. */
  readonly field: string;
}

/** What readers see instead of a value. */
export const marks = {
  /** Its key was destroyed. */
  erased: '[erased]',
  /** The reader may not see it. */
  masked: '[sealed]',
  /** It was changed or moved, or the key to it is not here. */
  unreadable: '[unreadable]',
} as const;

export interface Opened<Document> {
  readonly document: Document;
  /** Whose data was opened. */
  readonly persons: readonly string[];
}

interface PlacedValue extends Sealed {
  readonly place: Place;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isPlaced = (value: unknown): value is PlacedValue =>
  isObject(value) && 'box' in value && 'person' in value && isObject(value.place);

interface EventLike extends Readonly<Record<string, unknown>> {
  readonly stream: string;
  readonly type: string;
  readonly data: unknown;
}

const isEvent = (value: unknown): value is EventLike =>
  isObject(value) && typeof value.stream === 'string' && typeof value.type === 'string' && sealedFields.has(value.type);

/** Anything with its sealed values changed, wherever they are in it. */
function changeAll(value: unknown, change: (value: Sealed, place: Place) => unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => changeAll(one, change));
  if (!isObject(value)) return value;
  if (isPlaced(value)) return change(value, value.place);
  if (isEvent(value)) {
    const { stream, type } = value;
    return {
      ...value,
      data: changeSealed(type, value.data, (sealed, field) => change(sealed as Sealed, { stream, type, field })),
    };
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, changeAll(member, change)]));
}

export function valuesIn(document: unknown): readonly Sealed[] {
  const values: Sealed[] = [];
  changeAll(document, (value) => values.push(value));
  return values;
}

export function opener(
  owned: ReadonlyMap<string, OwnedKeys>,
  view: 'plain' | 'masked',
  unseal: (key: Buffer, value: Sealed, place: Place) => unknown,
) {
  return <Document>(document: Document): Opened<Document> => {
    const persons = new Set<string>();
    const opened = changeAll(document, (value, place) => {
      const { erased = false, keys } = owned.get(value.person) ?? {};
      if (erased) return marks.erased;
      if (view === 'masked') return marks.masked;
      const key = keys?.get(value.key);
      const plain = key && unseal(key, value, place);
      if (plain === undefined) return marks.unreadable;
      persons.add(value.person);
      return plain;
    });
    return { document: opened as Document, persons: [...persons] };
  };
}
