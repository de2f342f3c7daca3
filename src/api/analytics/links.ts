import { literal } from '../../analytics/export/where.ts';
import type { CellUnit, KpiAnswer, KpiRequest, KpiRow } from '../../analytics/query/answer.ts';
import { parametersOf } from './questions.ts';

/** From a number to the units behind it, from a unit to its order, its facts and its events. */

/** The answer, each row with the address of the units behind each of its numbers. */
export function withLinks(question: KpiRequest, answer: KpiAnswer): object {
  // Working time has no parameters: its cells are asked for by POST.
  if (question.calendar) return answer;
  const pinned = {
    ...question,
    ...(!question.asOf && answer.position !== 'start' && { asOf: { position: answer.position } }),
    on: answer.on,
  };
  const { compare: _compare, ...asked } = pinned;
  return { ...answer, rows: answer.rows.map((row) => ({ ...row, links: linksOf(asked, row) })) };
}

function linksOf(question: KpiRequest, row: KpiRow): Record<string, string> {
  const entries = Object.keys(row.kpis).map((kpi): [string, string] => {
    const parameters = parametersOf({ ...question, kpis: [kpi] });
    parameters.delete('kpis');
    parameters.set('kpi', kpi);
    for (const [name, value] of Object.entries(row.group))
      parameters.append('cell', value === null ? name : `${name}=${value}`);
    return [kpi, `/v1/analytics/cell?${parameters}`];
  });
  return Object.fromEntries(entries);
}

/** A unit with the addresses of its order, the events of it, and its row of facts. */
export function unitWithLinks(unit: CellUnit): object {
  const { orderId, lineNo, scheduleId, shipmentId } = unit;
  const [table, ...where] =
    shipmentId !== null
      ? ['shipments', `shipment:${literal(shipmentId)}`]
      : scheduleId !== null
        ? ['schedule-lines', `schedule_id:${literal(scheduleId)}`]
        : lineNo !== null
          ? ['lines', `line_no:${lineNo}`]
          : ['orders'];
  const parameters = new URLSearchParams();
  for (const condition of [`order_id:${literal(orderId)}`, ...where]) parameters.append('where', condition);
  const order = `/v1/orders/${encodeURIComponent(orderId)}`;
  return { ...unit, links: { order, events: `${order}/events`, facts: `/v1/analytics/facts/${table}?${parameters}` } };
}
