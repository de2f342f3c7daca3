import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { checkpointRoutes } from './checkpoints.ts';
import { auditEventsRoute } from './events.ts';
import { orderEvidenceRoutes } from './evidence.ts';
import { orderAsOfRoute, orderDifferenceRoute, orderExplainRoute, orderHistoryRoute } from './orders.ts';
import { proofRoutes } from './proofs.ts';
import { readModelRoutes } from './read-models.ts';

/** What happened, what was known, why things are as they are, and proof that nothing was altered. */
export function auditRoutes(app: Api, deps: ApiDependencies): void {
  orderHistoryRoute(app, deps);
  orderAsOfRoute(app, deps);
  orderDifferenceRoute(app, deps);
  orderExplainRoute(app, deps);
  readModelRoutes(app, deps);
  auditEventsRoute(app, deps);
  checkpointRoutes(app, deps);
  proofRoutes(app, deps);
  orderEvidenceRoutes(app, deps);
}
