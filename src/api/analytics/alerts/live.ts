import type { FastifyRequest } from 'fastify';
import type { Position } from '../../../events/envelope.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { Api } from '../../http/api.ts';
import { watchMoves } from '../../http/checkpoints.ts';
import { liveStreams } from '../../http/live-streams.ts';
import { lastSeen, liveHeaders } from '../../http/positions.ts';
import { withLinks } from './links.ts';

/** How long changes are gathered before the next look. */
const gatherMs = 100;
const pageSize = 100;

/** GET /v1/analytics/alerts/live: alerts as they are raised, acknowledged and cleared, as server-sent events. */
export function alertLiveRoute(
  app: Api,
  deps: ApiDependencies,
  keyHolds: (request: FastifyRequest) => Promise<boolean>,
): void {
  const streams = liveStreams(app, deps.settings.maxLiveAlerts);
  app.get(
    '/v1/analytics/alerts/live',
    {
      exposeHeadRoute: false,
      config: { action: 'alert.read' },
      schema: {
        tags: ['alerts'],
        summary: 'Alerts as they are raised, acknowledged and cleared (server-sent events)',
        headers: liveHeaders,
      },
    },
    async (request, reply) => {
      const start = (await lastSeen(deps, request)) ?? (await deps.log.head());
      return streams.open(reply, (signal) => messages(deps, start, () => keyHolds(request), signal));
    },
  );
}

async function* messages(
  deps: ApiDependencies,
  start: Position | 'start',
  keyHolds: () => Promise<boolean>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { heartbeatMs } = deps.settings;
  const moves = watchMoves(deps.runner, 'alerts', signal);
  let seen = start;
  let checkedAt = performance.now();
  yield 'retry: 2000\n\n';
  while (!signal.aborted) {
    if (performance.now() - checkedAt >= heartbeatMs) {
      if (!(await keyHolds())) return;
      checkedAt = performance.now();
    }
    moves.looking();
    const changed = await deps.alerts.changedSince(seen, pageSize);
    for (const { alert, position } of changed) {
      yield `id: ${position}\nevent: alert\ndata: ${JSON.stringify(withLinks(alert))}\n\n`;
      seen = position;
    }
    if (changed.length === pageSize) continue;
    const moved = await moves.next({ gatherMs, timeoutMs: heartbeatMs });
    if (!moved && !signal.aborted) yield ': heartbeat\n\n';
  }
}
