import { type DetailName, detailNames } from '../../events/catalog/contact.ts';
import type { ContactFact } from '../../events/catalog/index.ts';
import type { Actor, Recorded } from '../../events/envelope.ts';
import type { EventLog } from '../../events/log/port.ts';
import type { Viewer, Viewing } from '../access/viewing.ts';
import { eventsAbout } from './events.ts';

/** Everything that is kept about one person, to be handed to that person. */
export interface SubjectExport {
  readonly personId: string;
  readonly exportedAt: string;
  /** When the person was erased; what follows then says `[erased]`. */
  readonly erasedAt?: string;
  /** What is known now, by contact. */
  readonly contacts: readonly Readonly<Record<string, unknown>>[];
  /** Orders that name the person as the one to ask at the place of delivery. */
  readonly orders: readonly { readonly orderId: string; readonly orderNo: string; readonly orderedAt: string }[];
  /** Who read it, and when. */
  readonly reads: readonly { readonly readAt: string; readonly reader: object; readonly subject: string }[];
  /** Every recorded event that is about the person, in order. */
  readonly events: readonly {
    readonly type: string;
    readonly stream: string;
    readonly occurredAt: string;
    readonly recordedAt: string;
    readonly actor: Actor;
    readonly reason?: object;
    readonly data: unknown;
  }[];
}

export interface SubjectExports {
  /** Undefined when nothing is kept about anybody of this id. The read itself is in the access log. */
  about(
    personId: string,
    viewer: Omit<Viewer, 'mayReadPersons'>,
    signal?: AbortSignal,
  ): Promise<SubjectExport | undefined>;
}

export interface SubjectMeans {
  readonly log: Pick<EventLog, 'subscribe'>;
  readonly viewing: Pick<Viewing, 'show' | 'evidence'>;
  readonly clock: () => string;
}

export function createSubjectExports({ log, viewing, clock }: SubjectMeans): SubjectExports {
  return {
    async about(personId, viewer, signal) {
      const sealed = await eventsAbout(personId, log, signal);
      if (sealed.length === 0) return undefined;
      const subject = `person-${personId}`;
      const events = await viewing.show(sealed, { ...viewer, mayReadPersons: true }, subject);
      return exportOf(personId, events, clock());
    },
  };
}

function exportOf(personId: string, events: readonly Recorded[], exportedAt: string): SubjectExport {
  const erased = events.find(({ type }) => type === 'PersonalDataErased');
  return {
    personId,
    exportedAt,
    ...(erased && { erasedAt: erased.metadata.occurredAt }),
    contacts: contactsIn(events),
    orders: events.flatMap(({ type, data, metadata }) => {
      if (type !== 'OrderStarted') return [];
      const { orderId, orderNo } = data as { orderId: string; orderNo: string };
      return [{ orderId, orderNo, orderedAt: metadata.occurredAt }];
    }),
    reads: events.flatMap(({ type, data }) => {
      if (type !== 'PersonalDataRead') return [];
      const { readAt, reader, subject } = data as { readAt: string; reader: object; subject: string };
      return [{ readAt, reader, subject }];
    }),
    events: events
      .filter(({ type }) => type !== 'PersonalDataRead')
      .map(({ type, stream, data, metadata: { occurredAt, recordedAt, actor, reason } }) => ({
        ...{ type, stream, occurredAt, recordedAt, actor },
        ...(reason && { reason }),
        data,
      })),
  };
}

/** The details as they stand after the last event, by contact. */
function contactsIn(events: readonly Recorded[]): readonly Readonly<Record<string, unknown>>[] {
  const contacts = new Map<string, Record<string, unknown>>();
  for (const { type, stream, data } of events as readonly (Recorded & ContactFact)[]) {
    if (type !== 'ContactAdded' && type !== 'ContactChanged') continue;
    const known: Record<string, unknown> = contacts.get(stream) ?? {};
    contacts.set(stream, known);
    const given: Readonly<Record<string, unknown>> = data;
    const fields: readonly (DetailName | 'contactId' | 'customerId' | 'role')[] = [
      ...(['contactId', 'customerId', 'role'] as const),
      ...detailNames,
    ];
    for (const field of fields) if (field in given) known[field] = given[field];
    for (const field of type === 'ContactChanged' ? (data.cleared ?? []) : []) delete known[field];
  }
  return [...contacts.values()];
}
