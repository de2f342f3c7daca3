import { collectDefaultMetrics, Gauge } from 'prom-client';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';

/** GET /metrics: what all rooms registered, progress of the read models, and the process itself. */
export function metricsRoute(app: Api, deps: ApiDependencies): void {
  const { metrics: registry } = deps;
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'orderfold_projection_lag_seconds',
    help: 'How far a read model is behind the log',
    labelNames: ['projection', 'state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const state of deps.runner.states()) {
        this.set({ projection: state.name, state: state.state }, state.lagSeconds);
      }
    },
  });
  app.get(
    '/metrics',
    { config: { action: 'metrics.read' }, schema: { tags: ['operations'], summary: 'Metrics for Prometheus' } },
    async (_request, reply) => {
      reply.header('content-type', registry.contentType);
      return registry.metrics();
    },
  );
}
