import type { CellUnit } from '../../analytics/query/answer.ts';
import type { Audit } from '../../audit/audit.ts';
import type { Step } from '../../audit/explain/explain.ts';
import { codeText, valueText } from '../../audit/words.ts';
import { canonicalJson } from '../../values/canonical-json.ts';

/** What is explained, in lines of words; structures that have no words come as they are. */
export interface ExplainView {
  readonly orderId: string;
  readonly field?: string;
  readonly kpi?: string;
  readonly value: readonly string[];
  readonly steps: readonly ShownStep[];
}

export interface ShownStep extends Pick<Step, 'event' | 'sentence'> {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

export async function explainedField(audit: Audit, orderId: string, field: string): Promise<ExplainView> {
  const { value, steps } = await audit.explainField('order_status', orderId, `doc/${field}`, {});
  const shown = steps.map(({ event, sentence, from, to }) => ({ event, sentence, from: lines(from), to: lines(to) }));
  return { orderId, field, value: lines(value), steps: shown };
}

/** Of each step only the units that it changed. */
export async function explainedKpi(audit: Audit, orderId: string, kpi: string): Promise<ExplainView | undefined> {
  const answer = await audit.explainKpi(orderId, { kpi });
  if (!answer) return undefined;
  const steps = answer.steps.map(({ event, sentence, from, to }) => {
    const [was, is] = [unitsIn(from), unitsIn(to)];
    return { event, sentence, from: unitLines(was, is), to: unitLines(is, was) };
  });
  return { orderId, kpi, value: unitLines(unitsIn(answer.value), []), steps };
}

const lines = (value: unknown): string[] =>
  typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2).split('\n') : [valueText(value)];

const unitsIn = (value: unknown): readonly CellUnit[] => value as readonly CellUnit[];

function unitLines(units: readonly CellUnit[], others: readonly CellUnit[]): string[] {
  const same = new Set(others.map(canonicalJson));
  const told = units.filter((unit) => !same.has(canonicalJson(unit))).map(unitText);
  return told.length === 0 ? ['nothing'] : told;
}

function unitText({ orderNo, lineNo, scheduleId, counted, good, value }: CellUnit): string {
  const place =
    scheduleId === null ? (lineNo === null ? `order ${orderNo}` : `line ${lineNo}`) : `schedule line ${scheduleId}`;
  if (!counted) return `${place}: not counted yet`;
  if (good !== null) return `${place}: ${good ? 'good' : 'failed'}`;
  return `${place}: ${codeText(String(value))}`;
}
