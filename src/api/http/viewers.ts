import type { FastifyRequest } from 'fastify';
import type { Viewer } from '../../audit/access/viewing.ts';
import type { CommandMeta } from '../../commands/handle.ts';
import { can, type Resource } from '../access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { Problem } from '../problems.ts';
import { actorOf } from './commanding.ts';

/** Who looks, and whether it may see persons in plain; `resource` says whose they are. */
export function viewerOf({ principal }: FastifyRequest, resource?: Resource): Viewer {
  if (!principal) throw new Problem('unauthenticated');
  const { kind, id } = actorOf(principal);
  return {
    reader: { kind, id, via: 'api' },
    role: principal.role,
    mayReadPersons: can(principal, 'person.read', resource) === 'allowed',
  };
}

/**
 * For commands that say something about a person: what is kept of the body to know a repeat is a keyed hash, from which nobody can
 * find the words by trying.
 */
export async function blindMeta({ seals }: Pick<ApiDependencies, 'seals'>, meta: CommandMeta): Promise<CommandMeta> {
  if (!meta.idempotency) return meta;
  const bodyHash = await seals.blind('receipts', meta.idempotency.bodyHash);
  return { ...meta, idempotency: { ...meta.idempotency, bodyHash } };
}
