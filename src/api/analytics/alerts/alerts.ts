import { Type } from 'typebox';
import { watchAggregate } from '../../../commands/watch/aggregate.ts';
import { Code } from '../../../events/catalog/terms.ts';
import type { AlertDoc } from '../../../projections/alerts/reader.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { Api } from '../../http/api.ts';
import { doneOf, metaOf } from '../../http/commanding.ts';
import { answers } from '../../http/documented.ts';
import { authorize } from '../../http/gate.ts';
import { minPosition, readHeaders, tellPosition } from '../../http/positions.ts';
import { idempotencyHeaders } from '../../http/preconditions.ts';
import { Problem } from '../../problems.ts';
import { AlertDocument, reasonProperty } from './bodies.ts';
import { withLinks } from './links.ts';

const tags = ['alerts'];
const params = Type.Object({ alertId: Code });

const Query = Type.Object(
  {
    watchId: Type.Optional(Code),
    kpi: Type.Optional(Code),
    status: Type.Optional(Type.Enum(['open', 'cleared'])),
    acknowledged: Type.Optional(Type.Enum(['true', 'false'])),
    cursor: Type.Optional(
      Type.String({ description: 'From the Link of the page before', minLength: 1, maxLength: 1000 }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  { additionalProperties: false },
);

const Page = Type.Object({
  alerts: Type.Array(AlertDocument, { maxItems: 200 }),
  next: Type.Optional(Type.String({ description: 'Cursor of the next page', maxLength: 1000 })),
});

/** /v1/analytics/alerts: what the watches found, newest first, and who takes care of it. */
export function alertRoutes(app: Api, deps: ApiDependencies): void {
  listRoute(app, deps);
  readRoute(app, deps);
  acknowledgeRoute(app, deps);
}

function listRoute(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/analytics/alerts',
    {
      config: { action: 'alert.read' },
      schema: {
        tags,
        summary: 'Alerts, newest first',
        querystring: Query,
        headers: readHeaders,
        response: answers(Page),
      },
    },
    async (request, reply) => {
      await minPosition(deps, request, 'alerts');
      tellPosition(deps, reply, 'alerts');
      const { limit = 50, acknowledged, ...query } = request.query;
      const seen = acknowledged === undefined ? {} : { acknowledged: acknowledged === 'true' };
      const { alerts, next } = await deps.alerts.alerts({ ...query, ...seen, limit });
      if (next === undefined) return { alerts: alerts.map(withLinks) };
      const parameters = new URLSearchParams(request.url.split('?', 2)[1] ?? '');
      parameters.set('cursor', next);
      reply.header('link', `</v1/analytics/alerts?${parameters}>; rel="next"`);
      return { alerts: alerts.map(withLinks), next };
    },
  );
}

function readRoute(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/analytics/alerts/:alertId',
    {
      config: { action: 'alert.read' },
      schema: { tags, summary: 'One alert', params, headers: readHeaders, response: answers(AlertDocument) },
    },
    async (request, reply) => {
      await minPosition(deps, request, 'alerts');
      tellPosition(deps, reply, 'alerts');
      return withLinks(await known(deps, request.params.alertId));
    },
  );
}

function acknowledgeRoute(app: Api, deps: ApiDependencies): void {
  app.post(
    '/v1/analytics/alerts/:alertId/acknowledge',
    {
      config: { action: 'alert.acknowledge' },
      schema: {
        tags,
        summary: 'Say that somebody takes care of an alert',
        params,
        headers: idempotencyHeaders,
        body: Type.Object(reasonProperty, { additionalProperties: false }),
        response: answers(Type.Object({ alertId: Code, acknowledged: Type.Boolean() })),
      },
    },
    async (request, reply) => {
      const principal = authorize(request, 'alert.acknowledge');
      const { alertId } = request.params;
      const { watchId } = await known(deps, alertId);
      const meta = metaOf(request, principal, request.body, alertId);
      const outcome = await deps.handler.execute(watchAggregate, watchId, { kind: 'acknowledge', alertId }, meta);
      doneOf(outcome, request, reply);
      return { alertId, watchId, acknowledged: true };
    },
  );
}

async function known({ alerts }: ApiDependencies, alertId: string): Promise<AlertDoc> {
  const alert = await alerts.alert(alertId);
  if (alert === undefined) throw new Problem('not-found', { detail: 'There is no such alert.' });
  return alert;
}
