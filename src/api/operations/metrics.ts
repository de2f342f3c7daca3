import type { FastifyReply, FastifyRequest } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, type Registry } from 'prom-client';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';

export interface RequestMetrics {
  observe(request: FastifyRequest, reply: FastifyReply, seconds: number): void;
}

const statusClass = (status: number) => `${Math.floor(status / 100)}xx`;

/** Times of requests by method, route and class of status; commands that were answered before. Few labels, bounded values. */
export function requestMetrics(registry: Registry): RequestMetrics {
  const durations = new Histogram({
    name: 'orderfold_http_request_duration_seconds',
    help: 'Time from the request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  const replays = new Counter({
    name: 'orderfold_idempotent_replays_total',
    help: 'Commands that were answered before',
    registers: [registry],
  });
  return {
    observe: (request, reply, seconds) => {
      const { method } = request;
      durations.observe(
        { method, route: request.routeOptions.url ?? 'none', status: statusClass(reply.statusCode) },
        seconds,
      );
      if (method === 'POST' && reply.hasHeader('idempotent-replayed')) replays.inc();
    },
  };
}

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
