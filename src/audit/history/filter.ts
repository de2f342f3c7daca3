import type { Recorded } from '../../events/envelope.ts';

/** What of a history is wanted. Everything that is given must fit. */
export interface HistoryFilter {
  readonly types?: readonly string[];
  /** Families of streams: `order`, `customer`. */
  readonly families?: readonly string[];
  /** Id of an actor, or a kind of actor. */
  readonly actor?: string;
  /** Both inclusive, in the time by which the history is told. */
  readonly from?: string;
  readonly to?: string;
  /** Somewhere in the sentence or in the data; upper and lower case are the same. */
  readonly text?: string;
}

/** `order-1` is of the family `order`. */
export const familyOf = (stream: string): string => stream.slice(0, stream.indexOf('-')) || stream;

interface Candidate {
  readonly event: Recorded;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly sentence: string;
}

export function fits({ event, at, sentence }: Candidate, filter: HistoryFilter): boolean {
  const { types, families, actor, from, to, text } = filter;
  const by = event.metadata.actor;
  if (types && !types.includes(event.type)) return false;
  if (families && !families.includes(familyOf(event.stream))) return false;
  if (actor !== undefined && by.id !== actor && by.kind !== actor) return false;
  if (from !== undefined && at < Date.parse(from)) return false;
  if (to !== undefined && at > Date.parse(to)) return false;
  if (text === undefined) return true;
  const wanted = text.toLowerCase();
  return sentence.toLowerCase().includes(wanted) || JSON.stringify(event.data).toLowerCase().includes(wanted);
}
