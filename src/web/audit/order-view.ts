import type { Audit } from '../../audit/audit.ts';
import type { Change } from '../../audit/difference/difference.ts';
import { relations } from '../../audit/history/gather.ts';
import type { History, HistoryEntry } from '../../audit/history/history.ts';
import { type TimeAxis, timeAxes } from '../../audit/history/order-by.ts';
import type { Moment } from '../../audit/moment.ts';
import type { PastOrder } from '../../audit/past/orders.ts';
import { InvalidValue, shown } from '../../values/refusal.ts';
import { momentOf, one, type Query, refuseUnknown } from '../query.ts';

/** What the page of an order shows; the query string is the whole of what was chosen. */
export interface OrderView {
  readonly orderId: string;
  /** The time that the slider moves through. */
  readonly by: TimeAxis;
  /** Events of the order itself, in that time: the stops of the slider. */
  readonly stops: readonly HistoryEntry[];
  /** Stops, from 0: the moment that is shown, and the one that it is compared with. */
  readonly at: number;
  readonly since: number;
  /** What the system knew then, where that was asked as well. */
  readonly known?: string;
  readonly related: (typeof relations)[number];
  readonly filter: { readonly type?: string; readonly actor?: string; readonly text?: string };
  readonly order: PastOrder | undefined;
  readonly changes: readonly Change[];
  readonly history: History;
}

const names = ['by', 'at', 'since', 'known', 'related', 'type', 'actor', 'text'] as const;
const stopsAtMost = 5_000;
const eventsAtMost = 1_000;

/** Undefined: there is no such order. Throws InvalidValue. */
export async function orderViewOf(audit: Audit, orderId: string, query: Query): Promise<OrderView | undefined> {
  refuseUnknown(query, names);
  const given = Object.fromEntries(names.map((name) => [name, one(query, name)]));
  const by = oneOf('by', given.by ?? 'recorded', timeAxes);
  const related = oneOf('related', given.related ?? 'whole', relations);
  const { entries: stops } = await audit.history(orderId, { by, related: 'none', limit: stopsAtMost });
  if (stops.length === 0) return undefined;
  const last = stops.length - 1;
  const at = stopOf('at', given.at, last) ?? last;
  const since = stopOf('since', given.since, last) ?? Math.max(0, at - 1);
  const known = given.known === undefined ? undefined : instantOf(given.known);
  const momentAt = (stop: number): Moment => momentOfStop(by, stops[stop], known);
  const filter = chosen({ type: given.type, actor: given.actor, text: given.text });
  const { type, ...rest } = filter;
  const [order, difference, history] = await Promise.all([
    audit.orderAt(orderId, momentAt(at)),
    audit.difference(orderId, momentAt(since), momentAt(at)),
    audit.history(orderId, { ...rest, ...(type !== undefined && { types: [type] }), by, related, limit: eventsAtMost }),
  ]);
  return {
    ...{ orderId, by, stops, at, since, related, filter, order, history },
    changes: difference?.changes ?? [],
    ...(known !== undefined && { known }),
  };
}

/** By time of recording a stop is a place in the log: what the system knew then. */
function momentOfStop(by: TimeAxis, stop: HistoryEntry | undefined, known: string | undefined): Moment {
  if (!stop) return {};
  const cut = by === 'recorded' ? { position: stop.position } : { occurred: stop.metadata.occurredAt };
  return { ...cut, ...(known !== undefined && { recorded: known }) };
}

function instantOf(text: string): string {
  const moment = momentOf(text, 'known');
  if ('instant' in moment) return moment.instant;
  throw new InvalidValue('invalid-instant', `${shown(text)} is no instant`, 'known');
}

function stopOf(name: string, text: string | undefined, last: number): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,6}$/.test(text))
    throw new InvalidValue('invalid-moment', `${shown(text)} is no number of a moment`, name);
  return Math.min(Number(text), last);
}

function oneOf<Word extends string>(name: string, text: string, words: readonly Word[]): Word {
  const word = words.find((one) => one === text);
  if (word === undefined)
    throw new InvalidValue('unknown-choice', `${name} is ${words.join(' or ')}, not ${shown(text)}`, name);
  return word;
}

const chosen = (given: Readonly<Record<string, string | undefined>>): OrderView['filter'] =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
