import type { Queryable } from '../database/database.ts';
import type { AccessFact } from '../events/catalog/index.ts';
import type { EventOf } from '../events/decode.ts';
import type { Position } from '../events/envelope.ts';
import { defineProjection } from './projection.ts';

/** Somebody read something: who, when, about what, and whose data was opened. */
export interface ReadDoc {
  readonly eventId: string;
  readonly what: 'personal-data' | 'evidence';
  readonly reader: AccessFact['data']['reader'];
  readonly role?: string;
  readonly readAt: string;
  readonly subject: string;
  readonly persons?: readonly string[];
  readonly position: Position;
}

function readOf(what: ReadDoc['what'], event: EventOf<'PersonalDataRead'> | EventOf<'EvidenceRead'>): ReadDoc {
  return { eventId: event.eventId, what, ...event.data, position: event.position };
}

/** The access log, one row for each read, and one for each person whose data was opened by it. */
export const accessProjection = defineProjection<ReadDoc>({
  name: 'access',
  version: 1,
  keyOf: ({ eventId }) => eventId,
  kept: {
    table: 'access_reads',
    key: 'event_id',
    size: 'doc',
    columns: ['doc'],
    restore: ({ doc }) => JSON.parse(String(doc)) as ReadDoc,
  },
  handles: {
    PersonalDataRead: (_, event) => readOf('personal-data', event),
    EvidenceRead: (_, event) => readOf('evidence', event),
  },
  tables: [
    {
      name: 'access_reads',
      columns: {
        event_id: 'text',
        subject: 'text',
        reader: 'text',
        read_at: 'timestamptz',
        position: 'text',
        doc: 'document',
      },
      key: ['event_id'],
      indexes: ['position', 'subject, position', 'reader, position'],
      undigested: ['position', 'doc'],
      rows: (after) => [
        {
          event_id: after.eventId,
          subject: after.subject,
          reader: after.reader.id,
          read_at: after.readAt,
          position: after.position,
          doc: JSON.stringify(after),
        },
      ],
    },
    {
      name: 'access_persons',
      columns: { person: 'text', event_id: 'text' },
      key: ['person', 'event_id'],
      rows: ({ persons = [], eventId }) => persons.map((person) => ({ person, event_id: eventId })),
    },
  ],
});

export interface ReadFilters {
  /** What was asked for, e.g. the stream `order-...`. */
  readonly subject?: string;
  /** Id of who read it. */
  readonly reader?: string;
  /** Whose data was opened. */
  readonly person?: string;
  readonly from?: string;
  readonly to?: string;
  /** Only reads before this position: the last of the page before. */
  readonly before?: Position;
}

export interface AccessReader {
  /** Newest first. */
  reads(query: ReadFilters & { readonly limit: number }): Promise<readonly ReadDoc[]>;
}

export function createAccessReader(database: Queryable): AccessReader {
  return {
    async reads({ limit, subject, reader, person, from, to, before }) {
      const values: unknown[] = [];
      const wanted = ['true'];
      const want = (sql: string, value: unknown): void => {
        if (value !== undefined) wanted.push(sql.replace('?', `$${values.push(value)}`));
      };
      want('subject = ?', subject);
      want('reader = ?', reader);
      want('event_id in (select event_id from access_persons where person = ?)', person);
      want('read_at >= ?::timestamptz', from);
      want('read_at < ?::timestamptz', to);
      want('position < ?', before);
      const rows = await database.query<{ doc: string }>({
        text: `select doc from access_reads where ${wanted.join(' and ')} order by position desc limit $${values.push(limit)}`,
        values,
      });
      return rows.map(({ doc }) => JSON.parse(doc) as ReadDoc);
    },
  };
}
