import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiDependencies } from '../dependencies.ts';
import type { RequestTimes } from '../operations/request-times.ts';
import type { Api } from './api.ts';

/**
 * Notes time and outcome of every request, when its answer is ready to be sent: a hook on its end would cost the hot path
 * several times as much. Logged are failed and slow requests (at debug level all of them): never a body, a header or a query
 * string. Routes registered from here on.
 */
export function observeRequests(app: Api, deps: ApiDependencies, times: RequestTimes): void {
  const slow = deps.settings.slowRequestMs;
  const verbose = deps.logger.isLevelEnabled('debug');
  app.decorateRequest('startedAt', 0);
  app.addHook('onRoute', (route) => {
    const observe = times.of(String(route.method), route.url);
    // Probes ask again and again; that they hear "not yet" is no failure.
    const probe = route.config?.unlimited === true;
    route.onRequest = [
      (request, _reply, done) => {
        request.startedAt = performance.now();
        done();
      },
      ...[route.onRequest ?? []].flat(),
    ];
    route.onSend = [
      (request, reply, _payload, done) => {
        const ms = performance.now() - request.startedAt;
        observe(reply.statusCode, ms / 1000);
        if (verbose || (reply.statusCode >= 500 && !probe) || ms > slow) log(request, reply, ms);
        done();
      },
      ...[route.onSend ?? []].flat(),
    ];
  });
}

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
