import { Gauge } from 'prom-client';
import { Type } from 'typebox';
import { Text } from '../../events/catalog/terms.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { metaOf } from '../http/commanding.ts';
import { answers } from '../http/documented.ts';
import { authorize, notFound } from '../http/gate.ts';
import { idempotencyHeaders } from '../http/preconditions.ts';
import { Problem } from '../problems.ts';
import { ProjectionName } from './certificates.ts';

const tags = ['audit'];
const Document = Type.Object({}, { additionalProperties: true });
const Result = Type.Object({ kind: Type.String({ maxLength: 40 }) }, { additionalProperties: true });
const params = Type.Object({ projection: ProjectionName, stream: Type.String({ minLength: 1, maxLength: 300 }) });
const missing = notFound('parked stream');

/** Streams that a read model could not take in: /v1/audit/quarantine. */
export function quarantineRoutes(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/audit/quarantine',
    {
      config: { action: 'audit.read' },
      schema: {
        tags,
        summary: 'Parked streams: since when, why, and what waits',
        response: answers(Type.Object({ parked: Type.Array(Document, { maxItems: 100_000 }) })),
      },
    },
    async () => ({ parked: await deps.quarantine.list() }),
  );
  app.get(
    '/v1/audit/quarantine/:projection/:stream',
    {
      config: { action: 'audit.read' },
      schema: { tags, summary: 'One parked stream with the event in the way', params, response: answers(Document) },
    },
    async ({ params: { projection, stream } }) => {
      const parked = await deps.quarantine.find(projection, stream);
      if (!parked) throw missing();
      return parked;
    },
  );
  resolvingRoutes(app, deps);
  parkedMetric(deps);
}

function resolvingRoutes(app: Api, deps: ApiDependencies): void {
  const config = { action: 'quarantine.resolve' } as const;
  app.post(
    '/v1/audit/quarantine/:projection/:stream/retry',
    {
      config,
      schema: {
        tags,
        summary: 'Fold what waits again, in order',
        params,
        body: Type.Object({}, { additionalProperties: false }),
        response: answers(Result),
      },
    },
    async ({ params: { projection, stream } }) => {
      const result = await deps.quarantine.retry(projection, stream);
      if (result.kind === 'not-parked') throw missing();
      return result;
    },
  );
  app.post(
    '/v1/audit/quarantine/:projection/:stream/skip',
    {
      config,
      schema: {
        tags,
        summary: 'Leave the first waiting event out, with a reason, and fold what came after it',
        params,
        headers: idempotencyHeaders,
        body: Type.Object(
          { revision: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }), reason: Text },
          { additionalProperties: false },
        ),
        response: answers(Result),
      },
    },
    async (request) => {
      const { projection, stream } = request.params;
      const meta = metaOf(request, authorize(request, 'quarantine.resolve'), {}, `${projection} ${stream}`);
      const result = await deps.quarantine.skip({ projection, stream, ...request.body }, meta);
      if (result.kind === 'not-parked') throw missing();
      if (result.kind === 'not-first') {
        const detail = `The first event that waits is ${result.firstRevision}.`;
        throw new Problem('not-first-parked', { detail, members: { firstRevision: result.firstRevision } });
      }
      if (result.kind === 'refused')
        throw new Problem({ refusal: result.refusal.code }, { detail: result.refusal.message });
      return result;
    },
  );
}

function parkedMetric({ metrics, runner }: ApiDependencies): void {
  new Gauge({
    name: 'orderfold_parked_streams',
    help: 'Streams that a read model could not take in',
    labelNames: ['projection'],
    registers: [metrics],
    collect() {
      this.reset();
      for (const { name, parkedStreams } of runner.states()) this.set({ projection: name }, parkedStreams);
    },
  });
}
