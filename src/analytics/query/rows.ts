import type { FoldedFacts } from '../facts/facts.ts';
import { sorted } from '../kernel/sorted.ts';
import { kpiById } from '../kpis/catalogue.ts';
import type { Kpi } from '../kpis/kpi.ts';
import type { KpiRow, KpiValue } from './answer.ts';
import { isBegun } from './attribution.ts';
import { labelsOf } from './grouping.ts';
import type { Asked, Judgement, Question } from './question.ts';
import { prepareScan, runScan, type Scan } from './scan.ts';
import { combined, kpiValue, nothing } from './values.ts';

/** The KPIs that a KPI is made of; itself, if it is made of facts. */
export function operandsOf(asked: Asked): Asked[] {
  const measure = asked.kpi.measure;
  if (measure?.kind !== 'product' && measure?.kind !== 'difference') return [asked];
  return measure.of.map(({ kpi, basis }) => ({
    ...asked,
    kpi: kpiById.get(kpi) as Kpi,
    basis: basis ?? asked.basis,
  }));
}

/** What has the same units in the same groups. */
const sameScan = ({ kpi, grain, by, basis }: Asked): string =>
  [grain, by, by === 'due' || (kpi.basis && basis === 'ship') ? basis : '', isBegun(kpi)].join('|');

const nameOf = ({ kpi, basis }: Asked): string => `${kpi.id} ${basis}`;

/** All groups of all KPIs of the question, sorted by their words, null last. */
export function* rowsOf(facts: FoldedFacts, question: Question, judgement: Judgement): Generator<void, KpiRow[]> {
  const scans = new Map<string, [Asked, ...Asked[]]>();
  const all = new Map(question.asked.flatMap(operandsOf).map((asked) => [nameOf(asked), asked]));
  for (const asked of all.values()) {
    const scan = scans.get(sameScan(asked));
    if (scan) scan.push(asked);
    else scans.set(sameScan(asked), [asked]);
  }
  const found = new Found(question.group);
  for (const asked of scans.values()) {
    const scan = yield* prepareScan(facts, asked, question, judgement);
    yield* runScan(scan);
    yield* collect(scan, question, found);
  }
  return yield* found.rows(question.asked);
}

function* collect(scan: Scan, question: Question, found: Found): Generator<void> {
  for (let group = 0; group < scan.grouping.groups.members.length; group += 1) {
    const seen = scan.measured.filter(({ tally }) => tally.of(group).seen > 0 || question.group.length === 0);
    if (seen.length === 0) continue;
    const row = found.row(labelsOf(scan.grouping, group, question.group));
    for (const measured of seen) {
      row.values.set(nameOf(measured.asked), kpiValue(measured, group, question));
      yield;
    }
  }
}

interface FoundRow {
  readonly group: Record<string, string | null>;
  readonly values: Map<string, KpiValue>;
}

class Found {
  readonly #names: readonly string[];
  readonly #rows = new Map<string, FoundRow>();

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  row(group: Record<string, string | null>): FoundRow {
    const key = keyOf(group, this.#names);
    let row = this.#rows.get(key);
    if (!row) {
      row = { group, values: new Map() };
      this.#rows.set(key, row);
    }
    return row;
  }

  *rows(asked: readonly Asked[]): Generator<void, KpiRow[]> {
    const rows: KpiRow[] = [];
    const ordered = yield* sorted([...this.#rows.values()], (a, b) => byWords(a.group, b.group, this.#names));
    for (const { group, values } of ordered) {
      rows.push({ group, kpis: Object.fromEntries(asked.map((one) => [one.kpi.id, valueIn(values, one)])) });
      yield;
    }
    return rows;
  }
}

function valueIn(values: ReadonlyMap<string, KpiValue>, asked: Asked): KpiValue {
  const parts = operandsOf(asked).map((operand) => values.get(nameOf(operand)) ?? nothing);
  const kind = asked.kpi.measure?.kind;
  return kind === 'product' || kind === 'difference' ? combined(kind, parts) : (parts[0] ?? nothing);
}

export const keyOf = (group: Readonly<Record<string, string | null>>, names: readonly string[]): string =>
  JSON.stringify(names.map((name) => group[name] ?? null));

/** By code units, so that the order is the same everywhere. */
export function byWords(
  a: Readonly<Record<string, string | null>>,
  b: Readonly<Record<string, string | null>>,
  names: readonly string[],
): number {
  for (const name of names) {
    const [one, other] = [a[name] ?? null, b[name] ?? null];
    if (one === other) continue;
    if (one === null) return 1;
    if (other === null) return -1;
    return one < other ? -1 : 1;
  }
  return 0;
}
