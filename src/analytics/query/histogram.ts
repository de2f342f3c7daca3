import { InvalidValue } from '../../values/refusal.ts';
import type { FoldedFacts } from '../facts/facts.ts';
import { sliceRows } from '../kernel/vectors.ts';
import type { Asked, Judgement, Question } from './question.ts';
import { operandsOf } from './rows.ts';
import { type Measured, prepareScan } from './scan.ts';
import { standing } from './standing.ts';
import { divisorOf } from './values.ts';

const edgesAtMost = 200;

/**
 * How many counted units of the first KPI of the question lie between each edge and the next: the first number is what lies
 * below the first edge, the last what is not below the last. Edges are in the unit of the KPI, ascending.
 * Throws InvalidValue `invalid-edges`.
 */
export function* histogramOf(
  facts: FoldedFacts,
  question: Question,
  judgement: Judgement,
  edges: readonly number[],
): Generator<void, number[]> {
  checkEdges(edges);
  const [asked] = question.asked.flatMap(operandsOf) as [Asked];
  const scan = yield* prepareScan(facts, [asked], { ...question, group: [] }, judgement);
  const { evaluation } = scan.measured[0] as Measured;
  const divisor = divisorOf(asked.kpi.measure, question);
  const stored = Float64Array.from(edges, (edge) => edge * divisor);
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (let from = 0; from < scan.units.count; from += sliceRows) {
    const to = Math.min(scan.units.count, from + sliceRows);
    const groups = scan.grouped(from, to);
    evaluation.run(from, to);
    for (let i = 0; i < to - from; i += 1) {
      if ((groups[i] as number) < 0 || evaluation.standing[i] !== standing.counted) continue;
      const bin = binOf(stored, evaluation.part[i] as number);
      counts[bin] = (counts[bin] as number) + 1;
    }
    yield;
  }
  return counts;
}

/** Number of edges that are not above the value. */
function binOf(edges: Float64Array, value: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function checkEdges(edges: readonly number[]): void {
  const ascending = edges.every((edge, at) => Number.isFinite(edge) && (at === 0 || edge > (edges[at - 1] as number)));
  if (edges.length === 0 || edges.length > edgesAtMost || !ascending)
    throw new InvalidValue('invalid-edges', `Give 1 to ${edgesAtMost} numbers, each above the one before`, 'edges');
}
