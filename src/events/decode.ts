import { Compile } from 'typebox/compile';
import { catalog, type Fact } from './catalog/index.ts';
import type { Recorded } from './envelope.ts';
import { upcast } from './upcasters.ts';

/** A recorded event whose data was parsed: the union over the whole catalogue. */
export type DomainEvent = Fact extends infer F ? (F extends Fact ? Omit<Recorded, 'type' | 'data'> & F : never) : never;

/** The event of one type, e.g. `EventOf<'OrderAccepted'>`. */
export type EventOf<Name extends Fact['type']> = Extract<DomainEvent, { type: Name }>;

/** The recorded event does not fit the catalogue. The stream it lies in cannot be interpreted from here on. */
export class MalformedEvent extends Error {
  override readonly name = 'MalformedEvent';
  readonly code = 'malformed-event';
  constructor(event: Recorded, detail: string) {
    super(`Event ${event.type} at revision ${event.revision} of ${event.stream} ${detail}`);
  }
}

const validators = new Map(
  [...catalog].map(([type, { schema, schemaVersion }]) => [type, { schemaVersion, data: Compile(schema) }]),
);

/** Brings an event to its current schema version and parses it. Throws MalformedEvent; unknown types are malformed too. */
export function decodeEvent(recorded: Recorded): DomainEvent {
  const event = upcast(recorded);
  const validator = validators.get(event.type);
  if (!validator) throw new MalformedEvent(recorded, 'has a type that the catalogue does not know');
  const { schemaVersion } = event.metadata;
  if (schemaVersion !== validator.schemaVersion)
    throw new MalformedEvent(
      recorded,
      `has schema version ${schemaVersion}; the catalogue has ${validator.schemaVersion}`,
    );
  if (!validator.data.Check(event.data)) {
    const [first] = validator.data.Errors(event.data);
    throw new MalformedEvent(
      recorded,
      `does not fit its schema at ${first?.instancePath || '/'}: ${first?.message ?? 'invalid'}`,
    );
  }
  return event as DomainEvent;
}
