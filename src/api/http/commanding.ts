import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CommandMeta, CommandOutcome } from '../../commands/handle.ts';
import type { Actor, Reason } from '../../events/envelope.ts';
import { can, type Principal } from '../access.ts';
import { Problem } from '../problems.ts';
import { authorize } from './gate.ts';
import { positionHeader } from './positions.ts';
import { bodyHashOf, etagOf, idempotencyKeyOf } from './preconditions.ts';

/** From a request to the part of a command that is the same for every aggregate, and from its outcome to the answer. */

interface Envelope {
  readonly occurredAt?: string;
  readonly reason?: Reason;
}

/** Splits a body into when and why, and the command itself. */
export function splitEnvelope<Body extends Envelope>(body: Body): [Envelope, Omit<Body, keyof Envelope>] {
  const { occurredAt, reason, ...command } = body;
  return [{ ...(occurredAt !== undefined && { occurredAt }), ...(reason && { reason }) }, command];
}

/** Throws when the principal may not report the past, or when the idempotency key is missing. */
export function metaOf(request: FastifyRequest, principal: Principal, envelope: Envelope, target: string): CommandMeta {
  if (envelope.occurredAt !== undefined) authorize(request, 'order.backdate');
  const key = idempotencyKeyOf(request);
  const route = `${request.method} ${request.routeOptions.url ?? ''}`;
  return {
    commandId: request.id,
    actor: actorOf(principal),
    correlationId: request.id,
    ...envelope,
    idempotency: { principal: principal.id, key, bodyHash: bodyHashOf(route, target, request.body) },
  };
}

export const actorOf = (principal: Principal): Actor => ({
  kind: principal.role === 'customer' ? 'customer' : 'program',
  id: principal.customerId ?? principal.id,
  via: 'api',
});

/** Who moves it, for commands that ask: a principal that may not act as the supplier is the customer. */
export function initiatorFor(
  principal: Principal,
  asked: 'customer' | 'supplier' | undefined,
): 'customer' | 'supplier' | undefined {
  if (can(principal, 'order.as-supplier') === 'allowed') return asked;
  if (asked === 'supplier') throw new Problem('forbidden', { detail: 'This key may not act as the supplier.' });
  return 'customer';
}

type Done<State> = Extract<CommandOutcome<State>, { kind: 'done' }>;

/** The outcome when it was done, with its headers set on the reply. Throws the refusal as a problem. */
export function doneOf<State>(
  outcome: CommandOutcome<State>,
  request: FastifyRequest,
  reply: FastifyReply,
): Done<State> {
  reply.header('orderfold-trace', request.id);
  if (outcome.kind === 'refused') throw refusalProblem(outcome);
  reply.headers({ etag: etagOf(outcome.revision), [positionHeader]: outcome.position });
  if (outcome.repeated) reply.header('idempotent-replayed', 'true');
  return outcome;
}

function refusalProblem(outcome: Extract<CommandOutcome<unknown>, { kind: 'refused' }>): Problem {
  const { refusal, currentRevision } = outcome;
  return new Problem(
    { refusal: refusal.code },
    {
      detail: refusal.message,
      ...(refusal.place !== undefined && { errors: [{ pointer: refusal.place, detail: refusal.message }] }),
      ...(currentRevision !== undefined && { members: { currentVersion: currentRevision } }),
    },
  );
}
