import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { fastifyUnderPressure } from '@fastify/under-pressure';
import { fastify, LogController } from 'fastify';
import { analyticsRoutes } from './analytics/routes.ts';
import { replayRoutes } from './audit/replay.ts';
import { auditRoutes } from './audit/routes.ts';
import { configurationRoute } from './configurations/routes.ts';
import { contactCommandRoutes } from './contacts/commands.ts';
import { contactReadRoutes } from './contacts/read.ts';
import { customerRoutes } from './customers/routes.ts';
import type { ApiDependencies } from './dependencies.ts';
import { requireActions } from './http/actions.ts';
import { installAnswers } from './http/answers.ts';
import type { Api } from './http/api.ts';
import { answerBrokenRequest, answerFrameworkError } from './http/broken.ts';
import { installGate, keyStillHolds } from './http/gate.ts';
import { collectMethods } from './http/methods.ts';
import { observeRequests } from './http/observing.ts';
import { traceIdOf } from './http/trace.ts';
import { validatorCompiler } from './http/validation.ts';
import { createKeyVerifier, type KeyVerifier } from './keys/verifier.ts';
import { kpiRoutes } from './kpis/routes.ts';
import { masterRoutes } from './master/routes.ts';
import { installOpenApi, openApiRoute } from './openapi.ts';
import { healthRoutes } from './operations/health.ts';
import { metricsRoute } from './operations/metrics.ts';
import { problemRoutes } from './operations/problems.ts';
import { requestTimes } from './operations/request-times.ts';
import { orderCommandRoutes } from './orders/commands.ts';
import { orderEventsRoute } from './orders/events.ts';
import { orderLiveRoutes } from './orders/live.ts';
import { orderReadRoute } from './orders/read.ts';
import { orderSearchRoute } from './orders/search.ts';
import { pageRoutes } from './pages/routes.ts';
import { createSessions, type Sessions } from './pages/sessions.ts';
import { accessLogRoute } from './persons/access-log.ts';
import { personRoutes } from './persons/routes.ts';
import { priceRoute } from './prices/routes.ts';
import { Problem } from './problems.ts';

/** The HTTP edge over what it is given. `ready()` rejects when a route names no action; `close()` ends live streams and drains. */
export function buildApi(deps: ApiDependencies): Api {
  const app = createServer(deps);
  const methods = collectMethods(app);
  requireActions(app);
  installOpenApi(app, deps.settings);
  const { verifier, sessions } = protect(app, deps);

  app.register(async (scope) => {
    const api = scope as Api;
    orderCommandRoutes(api, deps);
    orderSearchRoute(api, deps);
    orderReadRoute(api, deps);
    orderEventsRoute(api, deps);
    orderLiveRoutes(api, deps, keyStillHolds(verifier));
    customerRoutes(api, deps);
    contactReadRoutes(api, deps);
    contactCommandRoutes(api, deps);
    personRoutes(api, deps);
    accessLogRoute(api, deps);
    masterRoutes(api, deps);
    priceRoute(api, deps);
    configurationRoute(api, deps);
    kpiRoutes(api, deps);
    analyticsRoutes(api, deps, keyStillHolds(verifier));
    auditRoutes(api, deps);
    replayRoutes(api, deps);
    healthRoutes(api, deps);
    metricsRoute(api, deps);
    problemRoutes(api);
    openApiRoute(api, deps.settings);
    await pageRoutes(api, deps, sessions);
    methods.close();
  });
  return app;
}

function createServer(deps: ApiDependencies): Api {
  const { settings } = deps;
  const app = fastify({
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: (request) => traceIdOf(request.headers.traceparent),
    bodyLimit: settings.bodyLimit,
    requestTimeout: settings.requestTimeoutMs,
    connectionTimeout: 0,
    keepAliveTimeout: 75_000,
    http: { headersTimeout: 15_000, maxHeaderSize: 16 * 1024 },
    routerOptions: { maxParamLength: 500 },
    trustProxy: settings.trustedProxies.length === 0 ? false : [...settings.trustedProxies],
    // Not `loggerInstance`: with it, every response gets listeners that cost as much as the gate. What is logged names its
    // trace by itself, so one logger serves all requests.
    childLoggerFactory: () => deps.logger,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerBrokenRequest,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.removeContentTypeParser('text/plain');
  app.setValidatorCompiler(validatorCompiler);
  // Response schemas document; what handlers return is written as it is.
  app.setSerializerCompiler(() => JSON.stringify);
  return app as unknown as Api;
}

function protect(app: Api, deps: ApiDependencies): { verifier: KeyVerifier; sessions: Sessions } {
  const verifier = createKeyVerifier(deps.keys, deps.clock, (error) =>
    deps.logger.warn({ err: error }, 'key usage not written'),
  );
  const sessions = createSessions(verifier, deps.sessionSecret, deps.clock);
  installAnswers(app, installGate(app, deps, verifier, sessions));
  // After the gate, so that its hook comes before the gate's.
  observeRequests(app, deps, requestTimes(deps.metrics));
  if (deps.settings.maxEventLoopDelayMs > 0) {
    app.register(fastifyUnderPressure, {
      maxEventLoopDelay: deps.settings.maxEventLoopDelayMs,
      pressureHandler: (request) => {
        if (request.routeOptions.config.unlimited !== true)
          throw new Problem('overloaded', { headers: { 'retry-after': '5' } });
      },
    });
  }
  app.addHook('onClose', () => verifier.flush());
  drainIdleConnections(app);
  return { verifier, sessions };
}

/** A connection that was busy when the close began would else be kept alive, idle, for as long as keepAliveTimeout. */
function drainIdleConnections(app: Api): void {
  app.addHook('preClose', (done) => {
    if (!app.server.listening) return done();
    const sweep = setInterval(() => app.server.closeIdleConnections(), 50);
    app.server.once('close', () => clearInterval(sweep));
    sweep.unref();
    done();
  });
}
