import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { auditEventsRoute } from './events.ts';
import { orderAsOfRoute, orderDifferenceRoute, orderExplainRoute, orderHistoryRoute } from './orders.ts';
import { readModelRoutes } from './read-models.ts';

/** What happened, what was known, and why things are as they are. */
export function auditRoutes(app: Api, deps: ApiDependencies): void {
  orderHistoryRoute(app, deps);
  orderAsOfRoute(app, deps);
  orderDifferenceRoute(app, deps);
  orderExplainRoute(app, deps);
  readModelRoutes(app, deps);
  auditEventsRoute(app, deps);
}
