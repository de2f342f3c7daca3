import { catalog } from '../../events/catalog/index.ts';
import { decodeEvent, MalformedEvent } from '../../events/decode.ts';
import type { Recorded } from '../../events/envelope.ts';
import {
  type AttributeValue,
  eventAttributes,
  type ObjectType,
  objectTypeNames,
  objectTypes,
  type Reference,
  type Told,
} from './model.ts';
import { teller } from './tell.ts';
import { orderOf } from './telling.ts';

export interface OcelOptions {
  /** Instants of the business, RFC 3339 in UTC: from inclusive, to exclusive. */
  readonly from?: string;
  readonly to?: string;
  /** All if left out. Events that touch none of them are left out too. */
  readonly objectTypes?: readonly ObjectType[];
  /** Every value as text, as the published schema has it; else numbers and booleans as what they are, as the standard's examples have it. */
  readonly textValues?: boolean;
  /** More objects than these cannot be held; 5 million if left out. */
  readonly maxObjects?: number;
}

/** The export would hold more objects than are allowed: the answer breaks off, so that nobody takes it for complete. */
export class TooManyObjects extends Error {
  override readonly name = 'TooManyObjects';
  readonly code = 'too-many-objects';
}

/**
 * An Object-Centric Event Log 2.0 as JSON. Events stream; objects are held until the end, because all values that an attribute
 * ever had stand together, the first one as base. An event that does not fit the catalogue is told with its order alone.
 */
export async function* ocelJson(events: AsyncIterable<Recorded>, options: OcelOptions = {}): AsyncGenerator<string> {
  const wanted = new Set(options.objectTypes ?? objectTypeNames);
  const shown = options.textValues ? String : (value: AttributeValue): AttributeValue => value;
  const kept = new KeptObjects(wanted, options.maxObjects ?? 5_000_000);
  const tell = teller();
  const types = new Set<string>(catalog.keys());
  yield `{"objectTypes":${JSON.stringify(declared(wanted))},\n"events":[`;
  let before = '\n';
  let text = '';
  for await (const event of events) {
    const { occurredAt } = event.metadata;
    if (options.to !== undefined && occurredAt >= options.to) continue;
    const told = toldBy(event, tell);
    kept.note(told, occurredAt);
    const relations = told.relations.filter(([{ type }]) => wanted.has(type));
    if (relations.length === 0 || (options.from !== undefined && occurredAt < options.from)) continue;
    for (const [object] of relations) kept.show(object);
    types.add(event.type);
    text += before + eventText(event, told, relations, shown);
    before = ',\n';
    if (text.length < pieceLength) continue;
    yield text;
    text = '';
  }
  yield `${text}\n],\n"objects":[`;
  yield* kept.texts(shown);
  yield `\n],\n"eventTypes":${JSON.stringify([...types].map((name) => ({ name, attributes: typed(eventAttributes) })))}}\n`;
}

const pieceLength = 65_536;

function toldBy(event: Recorded, tell: ReturnType<typeof teller>): Told {
  try {
    return tell(decodeEvent(event));
  } catch (error) {
    if (!(error instanceof MalformedEvent)) throw error;
    const relations = event.stream.startsWith('order-') ? [[orderOf(event.stream), 'order'] as const] : [];
    return { attributes: {}, relations, changes: [], links: [] };
  }
}

const typed = (types: Readonly<Record<string, string>>) =>
  Object.entries(types).map(([name, type]) => ({ name, type }));

const declared = (wanted: ReadonlySet<ObjectType>) =>
  objectTypeNames.filter((name) => wanted.has(name)).map((name) => ({ name, attributes: typed(objectTypes[name]) }));

type Shown = (value: AttributeValue) => AttributeValue;

function eventText(
  { eventId, type, metadata }: Recorded,
  { attributes }: Told,
  relations: Told['relations'],
  shown: Shown,
): string {
  return JSON.stringify({
    id: eventId,
    type,
    time: metadata.occurredAt,
    attributes: Object.entries(attributes).map(([name, value]) => ({ name, value: shown(value) })),
    relationships: relations.map(([{ id }, qualifier]) => ({ objectId: id, qualifier })),
  });
}

interface Kept {
  readonly type: ObjectType;
  shown: boolean;
  readonly changes: { readonly name: string; readonly time: string; readonly value: AttributeValue }[];
  readonly links: { readonly objectId: string; readonly qualifier: string }[];
}

class KeptObjects {
  readonly #objects = new Map<string, Kept>();
  readonly #wanted: ReadonlySet<ObjectType>;
  readonly #most: number;

  constructor(wanted: ReadonlySet<ObjectType>, most: number) {
    this.#wanted = wanted;
    this.#most = most;
  }

  note({ changes, links }: Told, time: string): void {
    for (const [object, name, value] of changes) this.#of(object)?.changes.push({ name, time, value });
    for (const [from, to, qualifier] of links) {
      const known = this.#of(from)?.links;
      if (this.#wanted.has(to.type) && !known?.some(({ objectId }) => objectId === to.id)) {
        known?.push({ objectId: to.id, qualifier });
      }
    }
  }

  show(object: Reference): void {
    const kept = this.#of(object);
    if (kept) kept.shown = true;
  }

  *texts(shown: Shown): Generator<string> {
    let before = '\n';
    for (const [id, { type, shown: isShown, changes, links }] of this.#objects) {
      if (!isShown) continue;
      // The first value of an attribute is its base for readers, whatever its time.
      const attributes = changes
        .toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
        .map((change) => ({ ...change, value: shown(change.value) }));
      const relationships = links.filter(({ objectId }) => this.#objects.get(objectId)?.shown);
      yield before + JSON.stringify({ id, type, attributes, relationships });
      before = ',\n';
    }
  }

  #of({ type, id }: Reference): Kept | undefined {
    if (!this.#wanted.has(type)) return undefined;
    let kept = this.#objects.get(id);
    if (!kept) {
      if (this.#objects.size >= this.#most) {
        throw new TooManyObjects(`More than ${this.#most} objects: narrow the export by from, to or objectTypes`);
      }
      kept = { type, shown: false, changes: [], links: [] };
      this.#objects.set(id, kept);
    }
    return kept;
  }
}
