import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Action, can, type Principal, type Resource } from '../access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { KeyVerifier } from '../keys/verifier.ts';
import { Problem } from '../problems.ts';
import type { Api } from './api.ts';
import { createLimiter, type Limiter } from './limiter.ts';

/** For answers that no page may frame, sniff or run; the documentation pages replace the policy with their own. */
const securityHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'strict-transport-security': 'max-age=31536000',
  'cache-control': 'private, no-cache',
} as const;

/** The gate before every route: who is it, how often, and may it. Synchronous for keys verified a moment ago. */
export function installGate(app: Api, deps: ApiDependencies, verifier: KeyVerifier): void {
  const perPrincipal = createLimiter(deps.settings.requestsPerMinute);
  const perAddress = createLimiter(deps.settings.anonymousRequestsPerMinute);
  app.decorateRequest('principal', null);

  const admit = (request: FastifyRequest, action: Action, principal: Principal, now: number) => {
    request.principal = principal;
    if (!perPrincipal.take(principal.id, now)) throw tooMany(perPrincipal, principal.id, now);
    authorize(request, action);
  };

  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(securityHeaders);
    try {
      const { action, unlimited } = request.routeOptions.config;
      const now = Date.now();
      if (action === undefined || action === 'public') {
        if (unlimited !== true && !perAddress.take(request.ip, now)) throw tooMany(perAddress, request.ip, now);
        return done();
      }
      const text = bearer(request);
      const known = text === undefined ? undefined : verifier.known(text);
      if (known) {
        admit(request, action, known, now);
        return done();
      }
      if (perAddress.exhausted(request.ip, now)) throw tooMany(perAddress, request.ip, now);
      if (text === undefined) throw unauthenticated(perAddress, request, reply, now);
      verifier
        .verify(text)
        .then((principal) => {
          if (!principal) throw unauthenticated(perAddress, request, reply, now);
          admit(request, action, principal, now);
          done();
        })
        .catch(done);
    } catch (error) {
      done(error as Error);
    }
  });
}

/** Throws the problem that says no; denials are logged with who and what. */
export function authorize(
  request: FastifyRequest,
  action: Action,
  resource?: Resource,
  hidden: () => Problem = notFound(resource?.kind ?? 'order'),
): Principal {
  const principal = request.principal;
  if (!principal) throw new Problem('unauthenticated');
  const verdict = can(principal, action, resource);
  if (verdict === 'allowed') return principal;
  request.log.warn(
    {
      denied: { principal: principal.id, role: principal.role, action, verdict },
      traceId: request.id,
      url: request.routeOptions.url,
    },
    'denied',
  );
  if (verdict === 'hidden') throw hidden();
  throw new Problem('forbidden', {
    detail: `The role ${principal.role} or the scopes of this key do not allow ${action}.`,
  });
}

/** The same for what is not there and for what is not the caller's. */
export const notFound = (kind: Resource['kind']) => (): Problem =>
  new Problem(kind === 'order' ? { refusal: 'order-unknown' } : 'not-found', { detail: `There is no such ${kind}.` });

function bearer(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization;
  return header?.startsWith('Bearer ') ? header.slice(7) : undefined;
}

function unauthenticated(perAddress: Limiter, request: FastifyRequest, reply: FastifyReply, now: number): Problem {
  perAddress.take(request.ip, now);
  reply.header('www-authenticate', 'Bearer realm="orderfold"');
  return new Problem('unauthenticated', { detail: 'No valid API key came with the request.' });
}

function tooMany(limiter: Limiter, key: string, now: number): Problem {
  const seconds = limiter.retryAfter(key, now);
  return new Problem('too-many-requests', {
    detail: `More than ${limiter.perMinute} requests in a minute.`,
    headers: {
      'retry-after': String(seconds),
      'ratelimit-limit': String(limiter.perMinute),
      'ratelimit-remaining': '0',
      'ratelimit-reset': String(seconds),
    },
  });
}
