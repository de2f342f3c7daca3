import { Type } from 'typebox';
import type { RebuildStep } from '../../projections/rebuilds.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { notFound } from '../http/gate.ts';
import { Problem } from '../problems.ts';
import { ProjectionName } from './certificates.ts';

const tags = ['audit'];
const Standings = Type.Object({
  readModels: Type.Array(Type.Object({}, { additionalProperties: true }), { maxItems: 200 }),
});

const steps = ['replace', 'compare', 'switch', 'drop', 'rollback'] as const;

/** Read models built anew beside the ones that are shown: /v1/audit/rebuilds. */
export function rebuildRoutes(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/audit/rebuilds',
    {
      config: { action: 'audit.read' },
      schema: { tags, summary: 'How every read model stands, and what is being rebuilt', response: answers(Standings) },
    },
    async () => ({ readModels: await deps.rebuilds.standings() }),
  );
  app.post(
    '/v1/audit/rebuilds/:projection',
    {
      config: { action: 'projection.rebuild' },
      schema: {
        tags,
        summary: 'Rebuild a read model: compare, switch, drop, or go back; ask GET for progress',
        params: Type.Object({ projection: ProjectionName }),
        body: Type.Object({ step: Type.Enum([...steps]) }, { additionalProperties: false }),
        response: answers(Standings, 202),
      },
    },
    async ({ params: { projection }, body: { step } }, reply) => {
      await doStep(deps, projection, step);
      return reply.code(202).send({ readModels: await deps.rebuilds.standings() });
    },
  );
}

/** Throws not-found, rebuild-running, nothing-built, no-previous-generation. */
export async function doStep(
  { rebuilds }: Pick<ApiDependencies, 'rebuilds'>,
  projection: string,
  step: RebuildStep | 'drop' | 'rollback',
): Promise<void> {
  if (step === 'drop') {
    if (!(await rebuilds.drop(projection))) throw new Problem('nothing-built');
    return;
  }
  if (step === 'rollback') {
    const { kind } = await rebuilds.rollBack(projection);
    if (kind === 'unknown') throw notFound('read model')();
    if (kind !== 'rolled-back') throw new Problem('no-previous-generation');
    return;
  }
  const started = await rebuilds.start(projection, step);
  if (started === 'unknown') throw notFound('read model')();
  if (started === 'busy') throw new Problem('rebuild-running');
  if (started === 'nothing-built') throw new Problem('nothing-built');
}
