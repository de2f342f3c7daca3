import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { alertRoutes } from './alerts/alerts.ts';
import { alertLiveRoute } from './alerts/live.ts';
import { watchRoutes } from './alerts/watches.ts';
import { recentAnswers } from './answers.ts';
import { cellRoutes } from './cell.ts';
import { eventsRoute } from './events.ts';
import { factsRoute } from './facts.ts';
import { kpiLiveRoute } from './live.ts';
import { ocelRoute } from './ocel.ts';
import { kpiQueryRoutes } from './query.ts';
import { segmentRoutes } from './segments.ts';

/** Everything below /v1/analytics. `keyHolds` is asked again and again by what goes on. */
export function analyticsRoutes(
  app: Api,
  deps: ApiDependencies,
  keyHolds: (request: FastifyRequest) => Promise<boolean>,
): void {
  const recent = recentAnswers(deps.analytics, deps.clock);
  catalogueRoute(app, deps);
  kpiQueryRoutes(app, deps, recent);
  cellRoutes(app, deps);
  factsRoute(app, deps);
  eventsRoute(app, deps);
  segmentRoutes(app, deps);
  ocelRoute(app, deps);
  kpiLiveRoute(app, deps, recent, keyHolds);
  watchRoutes(app, deps);
  alertLiveRoute(app, deps, keyHolds);
  alertRoutes(app, deps);
}

function catalogueRoute(app: Api, { analytics }: ApiDependencies): void {
  app.get(
    '/v1/analytics/kpis',
    {
      config: { action: 'analytics.read' },
      schema: {
        tags: ['analytics'],
        summary: 'The catalogue of KPIs, and what questions may group and filter by',
        response: answers(Type.Object({}, { additionalProperties: true })),
      },
    },
    async () => ({
      kpis: analytics.kpis.map(({ measure, ...kpi }) => ({ ...kpi, computed: measure !== undefined })),
      dimensions: analytics.dimensions(),
    }),
  );
}
