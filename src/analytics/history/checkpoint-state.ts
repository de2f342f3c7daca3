import { Amounts } from '../facts/columns.ts';
import type { Exact } from '../facts/exact.ts';
import type { ErrorCounts, FoldedFacts, ParkedStream } from '../facts/facts.ts';
import { tables } from './checkpoint-arrays.ts';

type Pairs<Value> = readonly (readonly [number, Value])[];

/** Everything of the facts that is in no array. */
export interface State {
  readonly counts: readonly number[];
  readonly position: string;
  readonly events: number;
  readonly recordedAt: number | null;
  readonly span: readonly [from: number | null, to: number | null];
  readonly version: number;
  readonly named: readonly (readonly [string, number])[];
  readonly parked: readonly ParkedStream[];
  readonly errorsOfOrder: Pairs<ErrorCounts>;
  readonly errorsOfLine: Pairs<ErrorCounts>;
  readonly alsoLeftWith: Pairs<number[]>;
  readonly parts: Pairs<readonly (readonly [at: number, qty: string])[]>;
  /** Amounts that do not fit a number, column by column. */
  readonly wide: readonly Pairs<string>[];
}

const amountsOf = (facts: FoldedFacts): Amounts[] =>
  tables.flatMap((table) => facts[table].all().filter((column) => column instanceof Amounts));

export const stateOf = (facts: FoldedFacts): State => ({
  counts: tables.map((table) => facts[table].count),
  position: facts.position,
  events: facts.events,
  recordedAt: facts.recordedAt,
  span: [facts.span.from, facts.span.to],
  version: facts.version,
  named: [...facts.streams.named],
  parked: [...facts.parked.values()],
  errorsOfOrder: [...facts.errorsOfOrder],
  errorsOfLine: [...facts.errorsOfLine],
  alsoLeftWith: [...facts.alsoLeftWith],
  parts: [...facts.parts].map(([row, parts]) => [row, parts.map(({ at, qty }) => [at, written(qty)])]),
  wide: amountsOf(facts).map(({ wide }) => [...wide].map(([row, amount]) => [row, written(amount)])),
});

const written = (amount: Exact): string => (typeof amount === 'bigint' ? `${amount}n` : String(amount));
const read = (text: string): Exact => (text.endsWith('n') ? BigInt(text.slice(0, -1)) : Number(text));

/** Rows are counted first: the arrays come after. */
export function countRows(facts: FoldedFacts, { counts }: State): void {
  for (const [at, table] of tables.entries()) facts[table].adopt(counts[at] ?? 0);
}

/** After the arrays. JSON has no infinity and no NaN: they are null. */
export function restoreState(facts: FoldedFacts, state: State): void {
  facts.position = state.position;
  facts.events = state.events;
  facts.version = state.version;
  facts.recordedAt = state.recordedAt ?? Number.NaN;
  facts.span.from = state.span[0] ?? Number.POSITIVE_INFINITY;
  facts.span.to = state.span[1] ?? Number.NEGATIVE_INFINITY;
  for (const [stream, row] of state.named) facts.streams.named.set(stream, row);
  for (const parked of state.parked) facts.parked.set(parked.stream, parked);
  for (const [row, counts] of state.errorsOfOrder) facts.errorsOfOrder.set(row, counts);
  for (const [row, counts] of state.errorsOfLine) facts.errorsOfLine.set(row, counts);
  for (const [row, shipments] of state.alsoLeftWith) facts.alsoLeftWith.set(row, shipments);
  for (const [row, parts] of state.parts)
    facts.parts.set(
      row,
      parts.map(([at, qty]) => ({ at, qty: read(qty) })),
    );
  for (const [at, column] of amountsOf(facts).entries())
    for (const [row, amount] of state.wide[at] ?? []) column.set(row, read(amount));
}
