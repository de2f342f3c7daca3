import type { OrderState } from '../../commands/order/state.ts';
import type { Recorded } from '../../events/envelope.ts';
import { sentenceOf } from '../history/sentence.ts';
import type { Moment } from '../moment.ts';
import { orderFrom } from '../past/orders.ts';
import { type Facet, facetsOf, type SubjectKind } from './facets.ts';

/** What is different about one thing of an order, for programs. */
export interface Change {
  readonly subject: SubjectKind;
  readonly id: string;
  readonly kind: 'appeared' | 'disappeared' | 'changed';
  /** Values in words; null where there was none. Empty for what appeared or disappeared. */
  readonly fields: readonly { readonly field: string; readonly from: string | null; readonly to: string | null }[];
  /** The same for people: `line 20: quantity 10 pieces → 8 pieces`. */
  readonly sentence: string;
}

/** An event that is in one of the two states and not in the other. */
export interface DifferingEvent {
  readonly event: Recorded;
  readonly sentence: string;
  readonly side: 'from' | 'to';
}

export interface Difference {
  readonly changes: readonly Change[];
  readonly events: readonly DifferingEvent[];
}

/** What is different in business terms, thing by thing in the order in which an order tells them. Pure. */
export function changesBetween(before: OrderState | undefined, after: OrderState | undefined): Change[] {
  const [then, now] = [byName(before), byName(after)];
  const gone = [...then].filter(([key]) => !now.has(key)).map(([, facet]) => whole(facet, 'disappeared'));
  const rest = [...now].flatMap(([key, facet]): Change[] => {
    const was = then.get(key);
    if (!was) return [whole(facet, 'appeared')];
    const fields = fieldsBetween(was.fields, facet.fields);
    return fields.length === 0 ? [] : [changed(facet, fields)];
  });
  return [...rest, ...gone];
}

const byName = (order: OrderState | undefined): Map<string, Facet> =>
  new Map(order === undefined ? [] : facetsOf(order).map((facet) => [`${facet.subject} ${facet.id}`, facet]));

const whole = ({ subject, id, appears, disappears }: Facet, kind: 'appeared' | 'disappeared'): Change => ({
  ...{ subject, id, kind, fields: [] },
  sentence: kind === 'appeared' ? appears : disappears,
});

const changed = ({ subject, id, name }: Facet, fields: Change['fields']): Change => ({
  ...{ subject, id, kind: 'changed', fields },
  sentence: `${name}: ${fields.map(({ field, from, to }) => `${field} ${from ?? 'none'} → ${to ?? 'none'}`).join(', ')}`,
});

function fieldsBetween(was: Facet['fields'], is: Facet['fields']): Change['fields'] {
  const names = [...new Set([...Object.keys(is), ...Object.keys(was)])];
  return names
    .map((field) => ({ field, from: was[field] ?? null, to: is[field] ?? null }))
    .filter(({ from, to }) => from !== to);
}

/** What is different between two moments of an order, and by which events. Takes the events of the whole stream. */
export async function differenceOf(all: readonly Recorded[], from: Moment, to: Moment): Promise<Difference> {
  const [before, after] = [await orderFrom(all, from), await orderFrom(all, to)];
  const idsOf = (events: readonly Recorded[] = []): Set<string> => new Set(events.map(({ eventId }) => eventId));
  const [then, now] = [idsOf(before?.events), idsOf(after?.events)];
  const events = all.flatMap((event): DifferingEvent[] => {
    const [was, is] = [then.has(event.eventId), now.has(event.eventId)];
    return was === is ? [] : [{ event, sentence: sentenceOf(event), side: is ? 'to' : 'from' }];
  });
  return { changes: changesBetween(before?.state, after?.state), events };
}
