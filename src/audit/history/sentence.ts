import type { Fact } from '../../events/catalog/index.ts';
import { decodeEvent, MalformedEvent } from '../../events/decode.ts';
import type { Actor, EventMetadata, Recorded } from '../../events/envelope.ts';
import { instantText, typeText } from '../words.ts';
import { customerPhrases } from './sentences/customer.ts';
import { masterPhrases } from './sentences/master.ts';
import { orderPhrases } from './sentences/order.ts';
import { accessPhrases, personPhrases } from './sentences/person.ts';
import type { Phrases } from './sentences/phrase.ts';
import { quarantinePhrases } from './sentences/quarantine.ts';
import { taskPhrases } from './sentences/task.ts';
import { watchPhrases } from './sentences/watch.ts';

/** A missing one does not compile: every event of the catalogue can be told. */
const phrases: Phrases<Fact> = {
  ...orderPhrases,
  ...customerPhrases,
  ...watchPhrases,
  ...masterPhrases,
  ...taskPhrases,
  ...personPhrases,
  ...accessPhrases,
  ...quarantinePhrases,
};

const kinds: Readonly<Record<Actor['kind'], string>> = {
  user: 'User',
  customer: 'Customer',
  program: 'Program',
  system: 'The system:',
};

const doors: Readonly<Record<Actor['via'], string>> = {
  api: 'through the API',
  cli: 'from the command line',
  import: 'in imported history',
  simulation: 'in the simulation',
  process: 'as a reaction',
  edi: 'by EDI',
};

export const actorText = ({ kind, id }: Actor): string => `${kinds[kind]} ${id}`;

/** Who did what, on whose behalf and why: one English sentence. Also for events that this version cannot read. */
export function sentenceOf(event: Recorded): string {
  const { actor, reason, source } = event.metadata;
  const why =
    reason === undefined ? '' : `, because of ${reason.code}${reason.text === undefined ? '' : ` ("${reason.text}")`}`;
  const told = source === undefined ? '' : `, as told by ${source.kind} ${source.ref}`;
  return `${actorText(actor)} ${phraseOf(event)}${behalfOf(event, actor)} ${doors[actor.via]}${why}${told}.`;
}

function phraseOf(recorded: Recorded): string {
  try {
    const { type, data } = decodeEvent(recorded);
    return phrases[type](data as never);
  } catch (error) {
    if (error instanceof MalformedEvent)
      return `recorded "${typeText(recorded.type)}", which this version cannot read,`;
    throw error;
  }
}

/** Who wanted it, where the fact says so and it is not the one who did it. */
function behalfOf({ data }: Recorded, { kind }: Actor): string {
  const { initiator } = (data ?? {}) as { readonly initiator?: unknown };
  if (initiator === 'customer') return kind === 'customer' ? ' on their own behalf' : ' on behalf of the customer';
  return initiator === 'supplier' ? ' on behalf of the supplier' : '';
}

/** When it happened; and when it was recorded, where that is not the same minute. */
export function whenText({ occurredAt, recordedAt }: EventMetadata): string {
  const happened = instantText(occurredAt);
  return occurredAt.slice(0, 16) === recordedAt.slice(0, 16)
    ? happened
    : `${happened} (recorded ${instantText(recordedAt)})`;
}
