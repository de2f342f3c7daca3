import type { FastifyRequest } from 'fastify';
import type { Audit } from '../../audit/audit.ts';
import { shownAudit } from '../../audit/shown.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { viewerOf } from '../http/viewers.ts';

/** The audit for this request: that it was read is in the access log before an answer goes out, and persons are as the reader may see them. */
export function auditFor({ audit, viewing }: ApiDependencies, request: FastifyRequest, subject: string): Audit {
  const viewer = viewerOf(request);
  return shownAudit(audit, async (answer) => {
    await viewing.evidence(viewer, subject);
    return viewing.show(answer, viewer, subject);
  });
}
