/** What can be asked, as data: the KPI catalogue is documentation and validation at once. */

export type Grain = 'order' | 'line' | 'schedule-line' | 'shipment';
export type Population = 'due' | 'delivered';

export const grains = ['order', 'line', 'schedule-line', 'shipment'] as const;
export const populations = ['due', 'delivered'] as const;

export interface KpiDefinition {
  readonly id: string;
  readonly title: string;
  readonly kind: 'rate' | 'duration' | 'count';
  readonly unit: 'ratio' | 'days' | 'count';
  readonly formula: string;
  readonly grains: readonly Grain[];
  /** Whether basis and population make a difference. */
  readonly basis: boolean;
  readonly population: boolean;
}

const all = grains;
const wholes = ['order', 'line'] as const;

export const kpiCatalogue: readonly KpiDefinition[] = [
  {
    id: 'on_time_rate',
    title: 'On time',
    kind: 'rate',
    unit: 'ratio',
    formula:
      'Units whose last missing part arrived on or before the target date / units of the population. A line is on time only if all its schedule lines are, an order only if all its lines are.',
    grains: all,
    basis: true,
    population: true,
  },
  {
    id: 'in_full_rate',
    title: 'In full',
    kind: 'rate',
    unit: 'ratio',
    formula:
      'Units delivered with at least the quantity ordered (less what the customer cancelled, less the tolerance) / units of the population.',
    grains: all,
    basis: true,
    population: true,
  },
  {
    id: 'otif_rate',
    title: 'On time and in full',
    kind: 'rate',
    unit: 'ratio',
    formula: 'Units both on time and in full / units of the population.',
    grains: all,
    basis: true,
    population: true,
  },
  {
    id: 'delivery_accuracy_rate',
    title: 'Delivery accuracy',
    kind: 'rate',
    unit: 'ratio',
    formula: 'Delivered units without a recorded delivery error (wrong item, damage, documents) / delivered units.',
    grains: all,
    basis: false,
    population: false,
  },
  {
    id: 'cycle_time',
    title: 'Order cycle time',
    kind: 'duration',
    unit: 'days',
    formula:
      'Last delivery − order, over delivered units whose times of order and delivery are known; exact seconds / 86,400.',
    grains: wholes,
    basis: false,
    population: false,
  },
  {
    id: 'quote_to_delivery_time',
    title: 'Quote to delivery',
    kind: 'duration',
    unit: 'days',
    formula:
      'Last delivery − quote, over delivered units whose times of quote and delivery are known; exact seconds / 86,400.',
    grains: wholes,
    basis: false,
    population: false,
  },
  {
    id: 'days_late',
    title: 'Lateness',
    kind: 'duration',
    unit: 'days',
    formula:
      'Calendar days from the target date to the delivery, over delivered units that were late; the latest schedule line decides.',
    grains: ['order', 'line', 'schedule-line'],
    basis: true,
    population: false,
  },
  {
    id: 'count',
    title: 'Units',
    kind: 'count',
    unit: 'count',
    formula: 'Number of units of the population.',
    grains: all,
    basis: true,
    population: true,
  },
];
