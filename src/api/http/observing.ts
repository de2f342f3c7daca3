import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiDependencies } from '../dependencies.ts';
import type { RequestMetrics } from '../operations/metrics.ts';
import type { Api } from './api.ts';

/**
 * One hook for all that is noted about an answered request, because every hook costs the hot path. Logged are failed and slow
 * requests (at debug level all of them): never a body, a header or a query string.
 */
export function observeRequests(app: Api, deps: ApiDependencies, metrics: RequestMetrics): void {
  const slow = deps.settings.slowRequestMs;
  const verbose = deps.logger.isLevelEnabled('debug');
  app.addHook('onResponse', (request, reply, done) => {
    const ms = reply.elapsedTime;
    metrics.observe(request, reply, ms / 1000);
    if (verbose || reply.statusCode >= 500 || (ms > slow && !isStream(reply))) log(request, reply, ms);
    done();
  });
}

const isStream = (reply: FastifyReply) => reply.getHeader('content-type') === 'text/event-stream';

function log(request: FastifyRequest, reply: FastifyReply, ms: number): void {
  const line = {
    traceId: request.id,
    method: request.method,
    route: request.routeOptions.url,
    status: reply.statusCode,
    ms: Math.round(ms * 10) / 10,
    principal: request.principal?.id,
  };
  if (reply.statusCode >= 500) request.log.error(line, 'request failed');
  else request.log.info(line, 'request');
}
