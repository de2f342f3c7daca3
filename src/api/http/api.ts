import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { Action, Principal } from '../access.ts';

/** The fastify instance of the edge: schemas are TypeBox, so handlers see parsed types. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route does, for can(); 'public' needs no key. The server does not start if a route names none. */
    action?: Action | 'public';
    /** Never limited, never refused under load: the questions of load balancers. */
    unlimited?: boolean;
    /** Also takes the session of a browser instead of a key. Only for routes that change nothing. */
    session?: boolean;
  }
  interface FastifyRequest {
    /** Set by gate.ts; null on public routes. */
    principal: Principal | null;
    /** Milliseconds of the monotonic clock. */
    startedAt: number;
  }
}
