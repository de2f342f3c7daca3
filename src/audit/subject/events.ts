import type { Recorded } from '../../events/envelope.ts';
import type { EventLog } from '../../events/log/port.ts';
import { changeSealed, sealedFields } from '../../events/seals/fields.ts';

/** Types of events that can be about a person: those with sealed fields, and those that name persons by id. */
const naming = ['ContactRemoved', 'PersonalDataErased', 'PersonalDataRead', 'OrderStarted'] as const;
const types = [...new Set([...sealedFields.keys(), ...naming])].sort();

/**
 * Everything that the log holds about a person, in order, sealed as it is. Reads the whole log once, as far as its events can be
 * about persons.
 */
export async function eventsAbout(
  personId: string,
  log: Pick<EventLog, 'subscribe'>,
  signal?: AbortSignal,
): Promise<readonly Recorded[]> {
  const over = new AbortController();
  const stop = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
  const found: Recorded[] = [];
  for await (const message of log.subscribe({ after: 'start', types, signal: stop })) {
    if (message.kind === 'caught-up') break;
    if (message.kind === 'event' && isAbout(personId, message.event)) found.push(message.event);
  }
  over.abort();
  signal?.throwIfAborted();
  return found;
}

/** Whether the event says something about the person or names it. */
function isAbout(personId: string, { stream, type, data }: Recorded): boolean {
  if (stream === `contact-${personId}` || stream === `person-${personId}`) return true;
  let sealedFor = false;
  changeSealed(type, data, (value) => {
    sealedFor ||= (value as { person?: string }).person === personId;
    return value;
  });
  return sealedFor || namedIn(data).includes(personId);
}

function namedIn(data: unknown): readonly (string | undefined)[] {
  const { persons = [], shipTo } = data as { persons?: readonly string[]; shipTo?: { contactId?: string } };
  return [...persons, shipTo?.contactId];
}
