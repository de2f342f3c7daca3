import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { checkpointRoutes } from './checkpoints.ts';
import { orderAuditRoutes } from './evidence.ts';
import { proofRoutes } from './proofs.ts';

/** Tamper evidence: checkpoints and proofs of the log, an order verified, and evidence to take away. */
export function auditRoutes(app: Api, deps: ApiDependencies): void {
  checkpointRoutes(app, deps);
  proofRoutes(app, deps);
  orderAuditRoutes(app, deps);
}
