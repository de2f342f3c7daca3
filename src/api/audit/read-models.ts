import { Type } from 'typebox';
import type { Readable } from '../../audit/past/read-model.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { Problem } from '../problems.ts';
import { momentOf, momentParameters } from './moments.ts';

const Document = Type.Object({}, { additionalProperties: true });
const tags = ['audit'];
const config = { action: 'audit.read' } as const;

const RowPath = Type.Object({
  name: Type.String({ description: 'Table of a read model', pattern: '^[a-z][a-z0-9_]{0,59}$', maxLength: 60 }),
  key: Type.String({ description: 'Values of the key columns with commas between', minLength: 1, maxLength: 300 }),
});
const MomentQuery = Type.Object(momentParameters, { additionalProperties: false });
const ExplainQuery = Type.Object(
  {
    field: Type.String({
      description: 'Column, or a place in a document: doc/lines/0/status',
      minLength: 1,
      maxLength: 300,
    }),
    ...momentParameters,
  },
  { additionalProperties: false },
);

/** Rows of read models as they were, and why. */
export function readModelRoutes(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/audit/read-models',
    { config, schema: { tags, summary: 'The read models whose rows can be asked for', response: answers(Document) } },
    async () => ({ readModels: [...deps.audit.readModels.values()].map(described) }),
  );
  app.get(
    '/v1/audit/read-models/:name/rows/:key',
    {
      config,
      schema: {
        tags,
        summary: 'A row of a read model as it was, made again from the events',
        params: RowPath,
        querystring: MomentQuery,
        response: answers(Document),
      },
    },
    async ({ params, query }) => {
      known(deps, params.name);
      const past = await deps.audit.rowAt(params.name, params.key, momentOf(query));
      if (past.row === null) throw new Problem('not-found', { detail: 'There was no such row at that moment.' });
      return past;
    },
  );
  app.get(
    '/v1/audit/read-models/:name/rows/:key/explain',
    {
      config,
      schema: {
        tags,
        summary: 'Which events made a field of a row',
        params: RowPath,
        querystring: ExplainQuery,
        response: answers(Document),
      },
    },
    async ({ params, query: { field, ...moment } }) => {
      known(deps, params.name);
      return deps.audit.explainField(params.name, params.key, field, momentOf(moment));
    },
  );
}

function known({ audit }: ApiDependencies, name: string): void {
  if (!audit.readModels.has(name)) throw new Problem('not-found', { detail: 'There is no such read model.' });
}

const described = ({ name, model, key, columns }: Readable) => ({
  name,
  projection: model.name,
  version: model.version,
  key,
  columns: Object.keys(columns),
});
