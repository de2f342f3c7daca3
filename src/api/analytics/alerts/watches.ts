import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { questionOf } from '../../../analytics/alerts/series.ts';
import { watchAggregate } from '../../../commands/watch/aggregate.ts';
import type { WatchCommand } from '../../../commands/watch/commands.ts';
import type { WatchState } from '../../../commands/watch/state.ts';
import { Code } from '../../../events/catalog/terms.ts';
import { InvalidValue } from '../../../values/refusal.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { Api } from '../../http/api.ts';
import { doneOf, metaOf } from '../../http/commanding.ts';
import { answers } from '../../http/documented.ts';
import { authorize } from '../../http/gate.ts';
import { minPosition, readHeaders, tellPosition } from '../../http/positions.ts';
import { idempotencyHeaders } from '../../http/preconditions.ts';
import { Problem } from '../../problems.ts';
import { type WatchBody, WatchDocument, watchBody } from './bodies.ts';

const tags = ['alerts'];
const params = Type.Object({ watchId: Code });
const address = '/v1/analytics/watches/:watchId';

/** /v1/analytics/watches: which KPIs are watched. Everything that changes something is a command with a receipt. */
export function watchRoutes(app: Api, deps: ApiDependencies): void {
  listRoute(app, deps);
  readRoute(app, deps);
  defineRoute(app, deps);
  changeRoute(app, deps);
  removeRoute(app, deps);
}

function defineRoute(app: Api, deps: ApiDependencies): void {
  const definition = watchBody(deps.analytics.kpis);
  const body = Type.Object({ watchId: Code, ...definition.properties }, { additionalProperties: false });
  app.post(
    '/v1/analytics/watches',
    {
      config: { action: 'watch.change' },
      schema: {
        tags,
        summary: 'Watch a KPI',
        headers: idempotencyHeaders,
        body,
        response: answers(WatchDocument, 201),
      },
    },
    async (request, reply) => {
      await canBeAsked(deps, request.body);
      const { maxWatches } = deps.settings;
      if ((await deps.alerts.watches({ limit: maxWatches })).length >= maxWatches)
        throw new Problem('too-many-watches', { detail: `There are ${maxWatches} watches; remove one first.` });
      const { watchId } = request.body;
      const watch = await carryOut(deps, request, reply, watchId, { kind: 'define', body: request.body });
      return reply
        .code(201)
        .header('location', `/v1/analytics/watches/${encodeURIComponent(watchId)}`)
        .send(watch);
    },
  );
}

function changeRoute(app: Api, deps: ApiDependencies): void {
  app.put(
    address,
    {
      config: { action: 'watch.change' },
      schema: {
        tags,
        summary: 'Define a watch anew; alerts of other numbers or limits end',
        params,
        headers: idempotencyHeaders,
        body: watchBody(deps.analytics.kpis),
        response: answers(WatchDocument),
      },
    },
    async (request, reply) => {
      await canBeAsked(deps, request.body);
      return carryOut(deps, request, reply, request.params.watchId, { kind: 'change', body: request.body });
    },
  );
}

function removeRoute(app: Api, deps: ApiDependencies): void {
  app.delete(
    address,
    {
      config: { action: 'watch.change' },
      schema: {
        tags,
        summary: 'Stop watching; open alerts end',
        params,
        headers: idempotencyHeaders,
        response: answers(WatchDocument),
      },
    },
    async (request, reply) => carryOut(deps, request, reply, request.params.watchId, { kind: 'remove' }),
  );
}

function readRoute(app: Api, deps: ApiDependencies): void {
  app.get(
    address,
    {
      config: { action: 'alert.read' },
      schema: { tags, summary: 'One watch', params, headers: readHeaders, response: answers(WatchDocument) },
    },
    async (request, reply) => {
      await minPosition(deps, request, 'watches');
      tellPosition(deps, reply, 'watches');
      const watch = await deps.alerts.watch(request.params.watchId);
      if (watch === undefined) throw new Problem('not-found', { detail: 'There is no such watch.' });
      return watch;
    },
  );
}

function listRoute(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/analytics/watches',
    {
      config: { action: 'alert.read' },
      schema: {
        tags,
        summary: 'What is watched, by id',
        querystring: Type.Object(
          {
            after: Type.Optional(Code),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
          },
          { additionalProperties: false },
        ),
        headers: readHeaders,
        response: answers(Type.Object({ watches: Type.Array(WatchDocument, { maxItems: 200 }) })),
      },
    },
    async (request, reply) => {
      await minPosition(deps, request, 'watches');
      tellPosition(deps, reply, 'watches');
      const { after, limit = 50 } = request.query;
      const found = await deps.alerts.watches({ ...(after !== undefined && { after }), limit: limit + 1 });
      const watches = found.slice(0, limit);
      const last = watches.at(-1);
      if (found.length > limit && last)
        reply.header(
          'link',
          `</v1/analytics/watches?after=${encodeURIComponent(last.watchId)}&limit=${limit}>; rel="next"`,
        );
      return { watches };
    },
  );
}

/** Asks the question once: what the engine refuses to answer is no watch. */
async function canBeAsked({ analytics }: ApiDependencies, definition: WatchBody): Promise<void> {
  try {
    await analytics.query(questionOf(definition));
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    throw new InvalidValue(error.code, error.message, error.place === 'kpis' ? '/question/kpi' : '/question');
  }
}

async function carryOut(
  deps: ApiDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  watchId: string,
  command: WatchCommand,
): Promise<object> {
  const principal = authorize(request, 'watch.change');
  const meta = metaOf(request, principal, {}, watchId);
  const outcome = await deps.handler.execute(watchAggregate, watchId, command, meta);
  return shown(doneOf(outcome, request, reply).state);
}

function shown(state: WatchState): object {
  if (state === null) throw new Error('A watch that was never defined was changed');
  const { watchId, version, definition, removed } = state;
  return { watchId, version, ...definition, removed };
}
