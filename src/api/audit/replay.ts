import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { certificateRoutes } from './certificates.ts';
import { quarantineRoutes } from './quarantine.ts';
import { rebuildRoutes } from './rebuilds.ts';

/** Read models made anew: what that proved, and what could not be taken in. */
export function replayRoutes(app: Api, deps: ApiDependencies): void {
  certificateRoutes(app, deps);
  rebuildRoutes(app, deps);
  quarantineRoutes(app, deps);
}
