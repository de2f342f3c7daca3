import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { type Action, can, type Principal, type Resource } from '../access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { KeyVerifier } from '../keys/verifier.ts';
import type { Sessions } from '../pages/sessions.ts';
import { Problem } from '../problems.ts';
import type { Api } from './api.ts';
import { createLimiter, type Limiter } from './limiter.ts';

/**
 * For answers that no page may frame, sniff or run; the documentation pages replace the policy with their own. Strict
 * transport security belongs to whoever ends TLS: browsers ignore it over plain HTTP.
 */
const securityHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'private, no-cache',
} as const;

/**
 * Puts a gate before every route registered from here on: who is it, how often, and may it. Returns the gate for requests
 * that no route takes.
 */
export function installGate(
  app: Api,
  deps: ApiDependencies,
  verifier: KeyVerifier,
  sessions: Sessions,
): onRequestHookHandler {
  const perPrincipal = createLimiter(deps.settings.requestsPerMinute);
  const perAddress = createLimiter(deps.settings.anonymousRequestsPerMinute);
  app.decorateRequest('principal', null);
  app.addHook('onRoute', (route) => {
    const { action, unlimited, session } = route.config ?? {};
    const open = action === undefined || action === 'public';
    const gate = open
      ? publicGate(perAddress, unlimited === true)
      : keyGate(action, perPrincipal, perAddress, { verifier, ...(session === true && { sessions }) });
    route.onRequest = [gate, ...[route.onRequest ?? []].flat()];
  });
  return publicGate(perAddress, false);
}

function publicGate(perAddress: Limiter, unlimited: boolean): onRequestHookHandler {
  return (request, reply, done) => {
    reply.headers(securityHeaders);
    const now = performance.now();
    if (unlimited || perAddress.take(request.ip, now)) return done();
    done(tooMany(perAddress, request.ip, now));
  };
}

interface Proofs {
  readonly verifier: KeyVerifier;
  /** Where a request without a key may come with a session. */
  readonly sessions?: Sessions;
}

/** Synchronous for keys that were verified a moment ago. */
function keyGate(
  action: Action,
  perPrincipal: Limiter,
  perAddress: Limiter,
  { verifier, sessions }: Proofs,
): onRequestHookHandler {
  const admit = (request: FastifyRequest, principal: Principal, now: number): void => {
    request.principal = principal;
    if (!perPrincipal.take(principal.id, now)) throw tooMany(perPrincipal, principal.id, now);
    authorize(request, action);
  };
  const verified = async (request: FastifyRequest, reply: FastifyReply, text: string | undefined, now: number) => {
    // Guessing is limited by address. Who shares the address, perhaps that of a proxy, and holds a good key is not guessing.
    if (perAddress.exhausted(request.ip, now) && !(text !== undefined && verifier.familiar(text)))
      throw tooMany(perAddress, request.ip, now);
    const principal = await (text === undefined
      ? sessions?.principalOf(request.headers.cookie)
      : verifier.verify(text));
    if (principal) return admit(request, principal, now);
    perAddress.take(request.ip, now);
    reply.header('www-authenticate', 'Bearer realm="orderfold"');
    throw new Problem('unauthenticated', { detail: 'No valid API key came with the request.' });
  };
  return (request, reply, done) => {
    reply.headers(securityHeaders);
    const now = performance.now();
    const text = bearer(request);
    const known = text === undefined ? undefined : verifier.known(text);
    if (!known) {
      verified(request, reply, text, now).then(() => done(), done);
      return;
    }
    try {
      admit(request, known, now);
    } catch (error) {
      return done(error as Error);
    }
    done();
  };
}

/** For answers that go on: false once the key that a request came with has expired or was revoked. */
export const keyStillHolds =
  (verifier: KeyVerifier) =>
  async (request: FastifyRequest): Promise<boolean> => {
    const text = bearer(request);
    return text !== undefined && (verifier.known(text) ?? (await verifier.verify(text))) !== undefined;
  };

/** Throws the problem that says no; denials are logged with who and what. */
export function authorize(
  request: FastifyRequest,
  action: Action,
  resource?: Resource,
  hidden?: () => Problem,
): Principal {
  const principal = request.principal;
  if (!principal) throw new Problem('unauthenticated');
  const verdict = can(principal, action, resource);
  if (verdict === 'allowed') return principal;
  const denied = { principal: principal.id, role: principal.role, action, verdict };
  request.log.warn({ denied, traceId: request.id, url: request.routeOptions.url }, 'denied');
  if (verdict === 'hidden') throw (hidden ?? notFound(resource?.kind ?? 'order'))();
  throw new Problem('forbidden', {
    detail: `The role ${principal.role} or the scopes of this key do not allow ${action}.`,
  });
}

/** The same for what is not there and for what is not the caller's. */
export const notFound = (kind: string) => (): Problem =>
  new Problem(kind === 'order' ? { refusal: 'order-unknown' } : 'not-found', { detail: `There is no such ${kind}.` });

function bearer(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization;
  // The name of a scheme has no case (RFC 9110 11.1).
  return header?.slice(0, 7).toLowerCase() === 'bearer ' ? header.slice(7) : undefined;
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
