import type { AnyAggregate } from '../../commands/families.ts';
import { clockOf, commandOf } from '../../commands/recorded.ts';
import type { Fact } from '../../events/catalog/index.ts';
import { type DomainEvent, decodeEvent } from '../../events/decode.ts';
import type { Recorded, Revision } from '../../events/envelope.ts';
import { canonicalJson } from '../../values/canonical-json.ts';
import { type JsonDifference, jsonDifferences } from '../../values/json-difference.ts';

/** A command that the present program would decide otherwise than it was decided. */
export interface Redecision {
  readonly stream: string;
  /** Number of the order, where the stream is one. */
  readonly orderNo?: string;
  /** Of the first event that came of the command. */
  readonly revision: Revision;
  readonly commandId: string;
  readonly command: string;
  /** `decided-otherwise`: other events; `refused`: none; `failed`: the program broke over it. */
  readonly kind: 'decided-otherwise' | 'refused' | 'failed';
  readonly recorded: readonly string[];
  readonly decided: readonly string[];
  /** Where the events differ: `0.data.lines.2.qty.value`. `before` is what was recorded. */
  readonly differences: readonly JsonDifference[];
  /** Why it would be refused, or how it failed. */
  readonly why?: string;
}

export interface StreamRegression {
  readonly commands: number;
  /** Recorded before commands were kept, or by something that keeps none. */
  readonly unrecorded: number;
  readonly found: readonly Redecision[];
}

/** Folds one stream and decides each of its commands again on what was recorded before it. Pure but for the reading. */
export async function redecideStream(
  aggregate: AnyAggregate,
  events: AsyncIterable<Recorded>,
  since: string | undefined,
): Promise<StreamRegression> {
  let state = aggregate.initial;
  let commands = 0;
  let unrecorded = 0;
  const found: Redecision[] = [];
  for await (const group of byCommand(events)) {
    const [first] = group;
    const wanted = since === undefined || (first !== undefined && first.metadata.recordedAt >= since);
    const facts = group.map((event): DomainEvent => decodeEvent(event));
    if (first && wanted) {
      if (first.metadata.command) commands += 1;
      else unrecorded += 1;
      const one = redecide(aggregate, state, group, facts);
      if (one) found.push(one);
    }
    for (const event of facts) state = aggregate.evolve(state, event as unknown as Fact, event.metadata);
  }
  const orderNo = (state as { readonly orderNo?: unknown } | null)?.orderNo;
  return {
    ...{ commands, unrecorded },
    found: typeof orderNo === 'string' ? found.map((one) => ({ ...one, orderNo })) : found,
  };
}

/** Events of one command lie one after the other: they were appended together. */
async function* byCommand(events: AsyncIterable<Recorded>): AsyncGenerator<readonly Recorded[]> {
  let group: Recorded[] = [];
  for await (const event of events) {
    const last = group.at(-1);
    if (last && last.metadata.commandId !== event.metadata.commandId) {
      yield group;
      group = [];
    }
    group.push(event);
  }
  if (group.length > 0) yield group;
}

function redecide(
  aggregate: AnyAggregate,
  state: unknown,
  group: readonly Recorded[],
  facts: readonly DomainEvent[],
): Redecision | undefined {
  const [first] = group;
  const recorded = first?.metadata.command;
  if (!first || !recorded) return undefined;
  const { occurredAt, recordedAt, commandId } = first.metadata;
  const told = {
    ...{ stream: first.stream, revision: first.revision, commandId, command: recorded.kind },
    recorded: facts.map(({ type }) => type),
  };
  try {
    const command = commandOf(recorded, group);
    const decision = aggregate.decide(state, command, { now: clockOf(recorded, recordedAt), occurredAt, commandId });
    if (!decision.ok) {
      const why = `${decision.refusal.code}: ${decision.refusal.message}`;
      return { ...told, kind: 'refused', decided: [], differences: [], why };
    }
    const was = asJson(facts);
    const is = asJson(decision.facts);
    if (canonicalJson(was) === canonicalJson(is)) return undefined;
    const decided = decision.facts.map(({ type }) => type);
    return { ...told, kind: 'decided-otherwise', decided, differences: jsonDifferences('', was, is) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ...told, kind: 'failed', decided: [], differences: [], why };
  }
}

/** As the log would have them: without members that are undefined. */
const asJson = (facts: readonly { readonly type: string; readonly data: unknown }[]): unknown =>
  JSON.parse(canonicalJson(facts.map(({ type, data }) => ({ type, data }))));
