import type { FastifyRequest } from 'fastify';
import type { Position } from '../../events/envelope.ts';
import type { OrderStatus } from '../../projections/orders/reader.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { watchMoves } from '../http/checkpoints.ts';
import { authorize, notFound } from '../http/gate.ts';
import { liveStreams } from '../http/live-streams.ts';
import { lastSeen, liveHeaders } from '../http/positions.ts';
import { OrderPath } from './identity.ts';

/**
 * Server-sent events. A stream carries states, not events: whoever is slow skips versions in between. All that is kept for a
 * connection is the position it has seen, and nothing is read for it while its socket is full.
 */

/** How long changes are gathered before the next look, so that a busy log costs a look per interval and not per event. */
const gatherMs = 100;
const pageSize = 100;

interface View {
  readonly watched: { readonly orderId?: string; readonly customerId?: string };
  readonly start: Position | 'start';
  /** The message that a stream begins with, or nothing. */
  readonly first: string;
}

/** `keyHolds` is asked again and again: a stream ends with the key that opened it. */
export function orderLiveRoutes(
  app: Api,
  deps: ApiDependencies,
  keyHolds: (request: FastifyRequest) => Promise<boolean>,
): void {
  const streams = liveStreams(app, deps.settings.maxLiveStreams);

  app.get(
    '/v1/orders/live',
    {
      exposeHeadRoute: false,
      config: { action: 'order.read' },
      schema: {
        tags: ['orders'],
        summary: 'Status of all orders as it changes (server-sent events)',
        headers: liveHeaders,
      },
    },
    async (request, reply) => {
      const customerId = request.principal?.customerId;
      const start = (await lastSeen(deps, request)) ?? (await deps.log.head());
      const view = { watched: customerId === undefined ? {} : { customerId }, start, first: '' };
      return streams.open(reply, (signal) => messages(deps, view, () => keyHolds(request), signal));
    },
  );

  app.get(
    '/v1/orders/:id/live',
    {
      exposeHeadRoute: false,
      config: { action: 'order.read' },
      schema: {
        tags: ['orders'],
        summary: 'Status of one order, now and whenever it changes (server-sent events)',
        params: OrderPath,
        headers: liveHeaders,
      },
    },
    async (request, reply) => {
      const status = await deps.orders.statusJson(request.params.id);
      if (!status) throw notFound('order')();
      authorize(request, 'order.read', { kind: 'order', customerId: status.customerId });
      const seen = await lastSeen(deps, request);
      const first = seen !== undefined && seen >= status.position ? '' : message(status);
      const start = first === '' ? (seen ?? 'start') : status.position;
      const view = { watched: { orderId: status.orderId }, start, first };
      return streams.open(reply, (signal) => messages(deps, view, () => keyHolds(request), signal));
    },
  );
}

async function* messages(
  deps: ApiDependencies,
  { watched, start, first }: View,
  keyHolds: () => Promise<boolean>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { heartbeatMs } = deps.settings;
  let position = start;
  let checkedAt = performance.now();
  const moves = watchMoves(deps.runner, 'orders', signal);
  yield `retry: 2000\n\n${first}`;
  while (!signal.aborted) {
    if (performance.now() - checkedAt >= heartbeatMs) {
      if (!(await keyHolds())) return;
      checkedAt = performance.now();
    }
    moves.looking();
    const changed = await deps.orders.changedSince(position, { ...watched, limit: pageSize });
    for (const status of changed) {
      yield message(status);
      position = status.position;
    }
    if (changed.length === pageSize) continue;
    const moved = await moves.next({ gatherMs, timeoutMs: heartbeatMs });
    if (!moved && !signal.aborted) yield ': heartbeat\n\n';
  }
}

const message = (status: OrderStatus): string => `id: ${status.position}\nevent: order\ndata: ${status.json}\n\n`;
