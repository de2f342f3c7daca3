import { Type } from 'typebox';
import { masterAggregate } from '../../commands/master/aggregate.ts';
import { type MasterVersion, versionOn } from '../../commands/master/state.ts';
import { type MasterKind, master, type Specification } from '../../events/catalog/master/index.ts';
import { Code, LocalDate } from '../../events/catalog/terms.ts';
import { localDateOf, parseLocalDate } from '../../values/dates.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { doneOf, metaOf, splitEnvelope } from '../http/commanding.ts';
import { answers } from '../http/documented.ts';
import { authorize } from '../http/gate.ts';
import { minPosition, readHeaders, tellPosition } from '../http/positions.ts';
import { idempotencyHeaders } from '../http/preconditions.ts';
import { envelopeProperties } from '../orders/bodies.ts';
import { Problem } from '../problems.ts';
import { masterPaths } from './kinds.ts';

/** Master data of every kind, all in the same way: PUT what holds from a date on, GET what holds on a date. */

const tags = ['master data'];
const effectiveFrom = Type.Optional(
  Type.Unsafe<string>({ ...LocalDate, description: 'Day from which it holds; today (UTC), if left out' }),
);
const Params = Type.Object({ id: Code });

export function masterRoutes(app: Api, deps: ApiDependencies): void {
  for (const kind of Object.keys(masterPaths) as MasterKind[]) {
    listRoute(app, deps, kind);
    readRoute(app, deps, kind);
    specifyRoute(app, deps, kind);
    withdrawRoute(app, deps, kind);
  }
}

const versionSchema = (kind: MasterKind) =>
  Type.Object(
    { id: Code, effectiveFrom: LocalDate, specification: Type.Optional(master[kind].specification) },
    { additionalProperties: true },
  );

interface Versioned {
  readonly id: string;
  readonly versions: readonly MasterVersion[];
}

/** The version that holds on the date, and the dates of all. */
function shown(thing: Versioned, date: string) {
  const dates = thing.versions.map((version) => version.effectiveFrom);
  return { id: thing.id, ...versionOn(thing as never, date), versions: dates };
}

const missing = (thing: string): Problem =>
  new Problem({ refusal: 'master-unknown' }, { detail: `There is no such ${thing}.` });

const today = ({ clock }: ApiDependencies): string => localDateOf(clock(), 'UTC');

function readRoute(app: Api, deps: ApiDependencies, kind: MasterKind): void {
  const { path, thing } = masterPaths[kind];
  app.get(
    `/v1/${path}/:id`,
    {
      config: { action: 'master.read' },
      schema: {
        tags,
        summary: `What holds of one ${thing}`,
        params: Params,
        querystring: Type.Object(
          { on: Type.Optional(Type.Unsafe<string>({ ...LocalDate, description: 'Today (UTC), if left out' })) },
          { additionalProperties: false },
        ),
        headers: readHeaders,
        response: answers(versionSchema(kind)),
      },
    },
    async (request, reply) => {
      await minPosition(deps, request, 'master');
      tellPosition(deps, reply, 'master');
      const { on } = request.query;
      const date = on === undefined ? today(deps) : parseLocalDate(on);
      const found = await deps.master.thing(kind, request.params.id);
      if (!found) throw missing(thing);
      return shown(found, date);
    },
  );
}

function listRoute(app: Api, deps: ApiDependencies, kind: MasterKind): void {
  const { path, thing } = masterPaths[kind];
  app.get(
    `/v1/${path}`,
    {
      config: { action: 'master.read' },
      schema: {
        tags,
        summary: `Every ${thing}, by id, as it holds today`,
        querystring: Type.Object(
          {
            after: Type.Optional(Code),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
          },
          { additionalProperties: false },
        ),
        headers: readHeaders,
        response: answers(Type.Object({ things: Type.Array(versionSchema(kind), { maxItems: 200 }) })),
      },
    },
    async (request, reply) => {
      await minPosition(deps, request, 'master');
      tellPosition(deps, reply, 'master');
      const { after, limit = 50 } = request.query;
      const found = await deps.master.list(kind, { ...(after !== undefined && { after }), limit: limit + 1 });
      const date = today(deps);
      const things = found.slice(0, limit).map((one) => shown(one, date));
      const last = things.at(-1);
      if (found.length > limit && last) {
        const query = new URLSearchParams({ after: last.id, limit: String(limit) });
        reply.header('link', `</v1/${path}?${query}>; rel="next"`);
      }
      return { things };
    },
  );
}

function specifyRoute(app: Api, deps: ApiDependencies, kind: MasterKind): void {
  const { path, thing } = masterPaths[kind];
  app.put(
    `/v1/${path}/:id`,
    {
      bodyLimit: deps.settings.largeBodyLimit,
      config: { action: 'master.change' },
      schema: {
        tags,
        summary: `Lay down what holds of the ${thing} from a date on`,
        params: Params,
        headers: idempotencyHeaders,
        body: Type.Object(
          { effectiveFrom, specification: master[kind].specification, ...envelopeProperties },
          { additionalProperties: false },
        ),
        response: answers(versionSchema(kind)),
      },
    },
    async (request, reply) => {
      const principal = authorize(request, 'master.change');
      const { id } = request.params;
      const [envelope, body] = splitEnvelope(request.body);
      const specification = body.specification as Specification<typeof kind>;
      const command = { kind: 'specify', body: { ...body, id, specification } } as const;
      const meta = metaOf(request, principal, envelope, id);
      const { state } = doneOf(await deps.handler.execute(masterAggregate(kind), id, command, meta), request, reply);
      if (!state) throw missing(thing);
      return shown(state, body.effectiveFrom ?? today(deps));
    },
  );
}

function withdrawRoute(app: Api, deps: ApiDependencies, kind: MasterKind): void {
  const { path, thing } = masterPaths[kind];
  app.post(
    `/v1/${path}/:id/withdraw`,
    {
      config: { action: 'master.change' },
      schema: {
        tags,
        summary: `Do not use the ${thing} any more from a date on`,
        params: Params,
        headers: idempotencyHeaders,
        body: Type.Object({ effectiveFrom, ...envelopeProperties }, { additionalProperties: false }),
        response: answers(versionSchema(kind)),
      },
    },
    async (request, reply) => {
      const principal = authorize(request, 'master.change');
      const { id } = request.params;
      const [envelope, body] = splitEnvelope(request.body);
      const meta = metaOf(request, principal, envelope, id);
      const command = { kind: 'withdraw', body } as const;
      const { state } = doneOf(await deps.handler.execute(masterAggregate(kind), id, command, meta), request, reply);
      if (!state) throw missing(thing);
      return shown(state, body.effectiveFrom ?? today(deps));
    },
  );
}
