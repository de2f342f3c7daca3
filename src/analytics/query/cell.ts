import { InvalidValue } from '../../values/refusal.ts';
import type { FoldedFacts } from '../facts/facts.ts';
import { sliceRows } from '../kernel/vectors.ts';
import type { CellUnit } from './answer.ts';
import { labelsOf } from './grouping.ts';
import type { Asked, Judgement, Question } from './question.ts';
import { keyOf, operandsOf } from './rows.ts';
import { type Measured, prepareScan, type Scan } from './scan.ts';
import { standing } from './standing.ts';
import { divisorOf } from './values.ts';

type Words = Readonly<Record<string, string | null>>;

/**
 * The units behind one cell, in the order of the facts. Of a KPI that is made of others they are the units of the first of them.
 * Throws InvalidValue `unknown-cell` where the group does not name every dimension of the question.
 */
export function* cellUnits(
  facts: FoldedFacts,
  question: Question,
  judgement: Judgement,
  cell: Words,
): Generator<void, CellUnit[]> {
  for (const name of question.group)
    if (cell[name] === undefined)
      throw new InvalidValue('unknown-cell', `The cell does not say its ${name}; give null for none`, name);
  const [asked] = question.asked.flatMap(operandsOf) as [Asked];
  const scan = yield* prepareScan(facts, [asked], question, judgement);
  const measured = scan.measured[0] as Measured;
  const wanted = keyOf(cell, question.group);
  const isWanted = memoized(
    (group) => keyOf(labelsOf(scan.grouping, group, question.group), question.group) === wanted,
  );
  const units: CellUnit[] = [];
  for (let from = 0; from < scan.units.count; from += sliceRows) {
    const to = Math.min(scan.units.count, from + sliceRows);
    const groups = scan.grouped(from, to);
    measured.evaluation.run(from, to);
    for (let i = 0; i < to - from; i += 1) {
      const group = groups[i] as number;
      const is = measured.evaluation.standing[i];
      if (group < 0 || (is !== standing.open && is !== standing.counted) || !isWanted(group)) continue;
      units.push(unitAt(facts, scan, measured, question, { row: from + i, at: i }));
    }
    yield;
  }
  return units;
}

function memoized(test: (group: number) => boolean): (group: number) => boolean {
  const known: boolean[] = [];
  return (group) => {
    known[group] ??= test(group);
    return known[group];
  };
}

function unitAt(
  facts: FoldedFacts,
  { units }: Scan,
  { asked, evaluation }: Measured,
  question: Question,
  { row, at }: { readonly row: number; readonly at: number },
): CellUnit {
  const order = units.order ? (units.order[row] as number) : row;
  const line = units.grain === 'line' ? row : (units.line?.[row] ?? -1);
  const counted = evaluation.standing[at] === standing.counted;
  const part = evaluation.part[at] as number;
  return {
    orderId: facts.orders.columns.orderId.at(order),
    orderNo: facts.orders.columns.orderNo.at(order),
    lineNo: line < 0 ? null : (facts.lines.columns.lineNo.values[line] as number),
    scheduleId: units.grain === 'schedule-line' ? (facts.schedule.columns.scheduleId.at(row) ?? null) : null,
    shipmentId: shipmentOf(facts, units, row),
    counted,
    good: counted && asked.kpi.measure?.kind === 'rate' ? part === 1 : null,
    value: counted ? part / divisorOf(asked.kpi.measure, question) : null,
  };
}

function shipmentOf(facts: FoldedFacts, { grain, levels }: Scan['units'], row: number): string | null {
  if (grain === 'line') return facts.lines.columns.shipment.at(row) ?? null;
  if (grain === 'schedule-line') return facts.schedule.columns.shipment.at(row) ?? null;
  const own = levels[0]?.rows.columns.shipment;
  return grain === 'shipment' && own && 'at' in own ? String(own.at(row)) : null;
}
