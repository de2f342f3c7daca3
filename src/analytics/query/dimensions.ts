import { InvalidValue, shown } from '../../values/refusal.ts';
import type { Words } from '../facts/columns.ts';
import type { FoldedFacts } from '../facts/facts.ts';
import { linesOf } from '../facts/facts.ts';
import type { Keys } from '../kernel/groups.ts';
import { periods } from '../kernel/periods.ts';
import type { Reach } from '../kernel/vectors.ts';
import { type Units, unitsOf, wordsNamed } from './units.ts';

/** Built-in dimensions by name, and the columns that hold them. */
const ofOrder: Readonly<Record<string, string>> = {
  customer: 'customer',
  country: 'country',
  channel: 'channel',
  currency: 'currency',
  incoterm: 'incoterm',
  ending: 'ending',
};
const ofLine: Readonly<Record<string, string>> = { sku: 'sku', uom: 'uom', mode: 'mode' };

const named = (columns: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(columns, name) ? columns[name] : undefined;

export function dimensionsOf({ orders, lines }: FoldedFacts): string[] {
  const free = new Set([...orders.dimensions.keys(), ...lines.dimensions.keys()]);
  return [...periods, ...new Set([...Object.keys(ofOrder), ...Object.keys(ofLine), ...[...free].sort()])];
}

/** Throws InvalidValue `unknown-dimension` with the names that there are. */
export function checkDimension(facts: FoldedFacts, name: string): void {
  const known = dimensionsOf(facts);
  if (!known.includes(name))
    throw new InvalidValue(
      'unknown-dimension',
      `There is no dimension ${shown(name)}; there are ${known.join(', ')}`,
      name,
    );
}

/** A dimension at a grain: codes of one dictionary for each unit, the last code for null. */
export interface Dimension extends Keys {
  readonly labels: readonly (string | null)[];
}

/**
 * A free dimension may stand on the line or on the order, and goes before the built-in one of that name; the line's goes
 * before the order's. A dimension of lines is that of an order (or shipment) where all its lines agree, and null where not.
 */
export function* dimensionAt(facts: FoldedFacts, units: Units, name: string): Generator<void, Dimension> {
  const own = named(ofOrder, name);
  const line = named(ofLine, name);
  const labels: string[] = [];
  const codes = new Map<string, number>();
  const codeOf = (word: string): number => {
    let code = codes.get(word);
    if (code === undefined) {
      code = labels.push(word) - 1;
      codes.set(word, code);
    }
    return code;
  };
  const atLine = units.grain === 'line' || units.grain === 'schedule-line';
  const sources = atLine
    ? wordsNamed(units, name, line ?? own).map((reach) => wordSource(reach, codeOf))
    : yield* ofWhole(facts, units, { name, own, line }, codeOf);
  const absent = labels.length;
  return {
    size: absent + 1,
    labels: [...labels, null],
    codes: (from, to, out) => coalesce(sources, absent, from, to, out),
  };
}

/** Codes of one source for the rows of a unit table, -1 for null. */
interface Source {
  readonly values: Int32Array;
  readonly via: Int32Array | null;
  /** From the dictionary of the column to that of the question; null if they are the same. */
  readonly map: Int32Array | null;
}

const wordSource = ({ column, via }: Reach<Words>, codeOf: (word: string) => number): Source => ({
  values: column.values,
  via,
  map: Int32Array.from(column.words, codeOf),
});

interface Names {
  readonly name: string;
  readonly own: string | undefined;
  readonly line: string | undefined;
}

function* ofWhole(
  facts: FoldedFacts,
  units: Units,
  { name, own, line }: Names,
  codeOf: (word: string) => number,
): Generator<void, Source[]> {
  const orderLevel: Units = { ...units, levels: units.levels.slice(-1) };
  const ofShipment =
    name === 'mode' && units.grain === 'shipment'
      ? wordsNamed({ ...units, levels: units.levels.slice(0, 1) }, '', 'mode')
      : [];
  const order = wordsNamed(orderLevel, name, own);
  const sources = [...ofShipment, ...order].map((reach) => wordSource(reach, codeOf));
  const agreed = { values: yield* agreedCodes(facts, name, line, codeOf), via: units.order, map: null };
  if (own !== undefined) return [...sources, agreed];
  return [...sources.slice(0, ofShipment.length), agreed, ...sources.slice(ofShipment.length)];
}

const ordersPerStep = 1_000;

/** For each order the value on which all its lines agree, else -1. */
function* agreedCodes(
  facts: FoldedFacts,
  name: string,
  builtIn: string | undefined,
  codeOf: (word: string) => number,
): Generator<void, Int32Array> {
  const codes = new Int32Array(facts.orders.count).fill(-1);
  const lines = unitsOf(facts, 'line');
  const level: Units = { ...lines, levels: lines.levels.slice(0, 1) };
  const sources = wordsNamed(level, name, builtIn).map((reach) => wordSource(reach, codeOf));
  if (sources.length === 0) return codes;
  const value = new Int32Array(1);
  for (let order = 0; order < facts.orders.count; order += 1) {
    let agreed: number | undefined;
    for (const line of linesOf(facts, order)) {
      coalesce(sources, -1, line, line + 1, value);
      if (agreed !== undefined && agreed !== value[0]) agreed = -1;
      else agreed = value[0];
      if (agreed === -1) break;
    }
    codes[order] = agreed ?? -1;
    if (order % ordersPerStep === 0) yield;
  }
  return codes;
}

function coalesce(sources: readonly Source[], absent: number, from: number, to: number, out: Int32Array): void {
  const rows = to - from;
  const [first, ...others] = sources;
  if (!first) {
    out.fill(absent, 0, rows);
    return;
  }
  firstCodes(first, from, rows, out);
  for (const source of others) missingCodes(source, from, rows, out);
  for (let i = 0; i < rows; i += 1) if ((out[i] as number) < 0) out[i] = absent;
}

function firstCodes({ values, via, map }: Source, from: number, rows: number, out: Int32Array): void {
  for (let i = 0; i < rows; i += 1) {
    const code = values[via ? (via[from + i] as number) : from + i] as number;
    out[i] = code >= 0 && map ? (map[code] as number) : code;
  }
}

function missingCodes({ values, via, map }: Source, from: number, rows: number, out: Int32Array): void {
  for (let i = 0; i < rows; i += 1) {
    if ((out[i] as number) >= 0) continue;
    const code = values[via ? (via[from + i] as number) : from + i] as number;
    out[i] = code >= 0 && map ? (map[code] as number) : code;
  }
}
