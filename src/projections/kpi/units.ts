import type { Grain } from './catalogue.ts';
import { bases } from './outcome.ts';

/**
 * The relation that a grain counts, as SQL: one row per unit, alias `u`, with the same outcome columns at every grain.
 * `l` and `o` are the line and the order of the unit where it has one.
 */
export interface Units {
  readonly from: string;
  readonly line: boolean;
  readonly order: boolean;
}

const outcome = [
  ...bases.flatMap((basis) => [`max(${basis}_on) as ${basis}_on`, `min(${basis}_missed) as ${basis}_missed`]),
  'case when bool_and(completed_on is not null) then max(completed_on) end as completed_on',
  'case when bool_and(shipped_on is not null) then max(shipped_on) end as shipped_on',
  'bool_and(in_full) as in_full',
  'max(delivery_errors) as delivery_errors',
  'bool_and(counted) as counted',
  // Where all parts agree the shipment shows it; where they do not, it shows none.
  'case when min(mode) = max(mode) then min(mode) end as mode',
].join(', ');

export const unitsOf: Readonly<Record<Grain, Units>> = {
  order: { from: 'kpi_orders o cross join lateral (select o.*) u', line: false, order: true },
  line: {
    from: 'kpi_lines l join kpi_orders o using (order_id) cross join lateral (select l.*) u',
    line: true,
    order: true,
  },
  'schedule-line': {
    from: 'kpi_schedule_lines u join kpi_lines l using (order_id, line_no) join kpi_orders o using (order_id)',
    line: true,
    order: true,
  },
  // A shipment may carry lines of several orders; on time means all that it completed was.
  shipment: {
    from: `(select shipment_id, min(order_id) as order_id, ${outcome} from kpi_schedule_lines
            where shipment_id is not null group by shipment_id) u join kpi_orders o using (order_id)`,
    line: false,
    order: true,
  },
};
