import type { Recorded } from '../../events/envelope.ts';
import type { Column, Table } from '../table.ts';

/** Events as rows. */

interface EventColumn {
  readonly name: string;
  readonly about: string;
  readonly kind: 'text' | 'instant' | 'count';
  readonly of: (event: Recorded) => string | number | null;
}

const text = (name: string, about: string, of: (event: Recorded) => string | null | undefined): EventColumn => ({
  name,
  about,
  kind: 'text',
  of: (event) => of(event) ?? null,
});
const instant = (name: string, about: string, of: (event: Recorded) => string): EventColumn => ({
  name,
  about,
  kind: 'instant',
  of: (event) => Date.parse(of(event)),
});
const count = (name: string, about: string, of: (event: Recorded) => number): EventColumn => ({
  name,
  about,
  kind: 'count',
  of,
});

/** What tells nothing of persons. */
export const plainColumns: readonly EventColumn[] = [
  text('position', 'Place in the log', ({ position }) => position),
  text('stream', 'Stream, e.g. order-<order id>', ({ stream }) => stream),
  count('revision', 'Place in the stream, from 0', ({ revision }) => revision),
  text('event_id', 'Id of the event', ({ eventId }) => eventId),
  text('type', 'Kind of event', ({ type }) => type),
  instant('occurred_at', 'When it happened', ({ metadata }) => metadata.occurredAt),
  instant('recorded_at', 'When it was recorded', ({ metadata }) => metadata.recordedAt),
  text('actor_kind', 'user, customer, program or system', ({ metadata }) => metadata.actor.kind),
  text('via', 'Door by which the actor came', ({ metadata }) => metadata.actor.via),
  text('reason', 'Code of the reason that was given', ({ metadata }) => metadata.reason?.code),
  text('command_id', 'Command that made it', ({ metadata }) => metadata.commandId),
  text('correlation_id', 'What it belongs to', ({ metadata }) => metadata.correlationId),
  text('hash', 'Digest in the chain of the stream', ({ metadata }) => metadata.hash),
];

/** Who acted, and what people wrote. */
export const personalColumns: readonly EventColumn[] = [
  text('actor', 'Id of the actor', ({ metadata }) => metadata.actor.id),
  text('reason_text', 'The reason in words', ({ metadata }) => metadata.reason?.text),
  text(
    'source',
    'Where a received fact came from',
    ({ metadata }) => metadata.source && `${metadata.source.kind} ${metadata.source.ref}`,
  ),
  text('data', 'The fact itself, as JSON', ({ data }) => JSON.stringify(data)),
];

const inTable = 4_096;

export const eventTable = (columns: readonly EventColumn[], events: readonly Recorded[]): Table => ({
  name: 'events',
  rows: events.length,
  columns: columns.map((column) => columnOf(column, events)),
});

function columnOf({ name, about, kind, of }: EventColumn, events: readonly Recorded[]): Column {
  if (kind === 'text') return { name, about, kind, values: events.map((event) => of(event) as string | null) };
  const numbers = events.map((event) => of(event) as number);
  return kind === 'instant'
    ? { name, about, kind, values: Float64Array.from(numbers) }
    : { name, about, kind, values: Int32Array.from(numbers) };
}

/** Events in tables of some thousand rows. */
export async function* eventTables(
  columns: readonly EventColumn[],
  events: AsyncIterable<Recorded>,
): AsyncGenerator<Table> {
  let some: Recorded[] = [];
  for await (const event of events) {
    some.push(event);
    if (some.length < inTable) continue;
    yield eventTable(columns, some);
    some = [];
  }
  if (some.length > 0) yield eventTable(columns, some);
}
