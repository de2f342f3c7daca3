import { alertsProjection } from './alerts/alerts.ts';
import { watchesProjection } from './alerts/watches.ts';
import { customersProjection } from './customers.ts';
import { kpiProjection } from './kpi/projection.ts';
import { masterProjection } from './master/projection.ts';
import { ordersProjection } from './orders/projection.ts';
import type { Projection } from './projection.ts';
import { tiesProjection } from './ties.ts';

/** Every read model of the product. */
export const projections: readonly Projection[] = [
  watchesProjection,
  alertsProjection,
  customersProjection,
  masterProjection,
  kpiProjection,
  ordersProjection,
  tiesProjection,
];
