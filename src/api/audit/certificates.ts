import { Type } from 'typebox';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { notFound } from '../http/gate.ts';

const tags = ['audit'];
const Document = Type.Object({}, { additionalProperties: true });

export const ProjectionName = Type.String({
  description: 'Name of a read model',
  pattern: '^[a-z][a-z0-9_-]{0,59}$',
  maxLength: 60,
});

/** What rebuilds proved: /v1/audit/certificates. */
export function certificateRoutes(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/audit/certificates',
    {
      config: { action: 'audit.read' },
      schema: {
        tags,
        summary: 'Certificates of rebuilds, newest first',
        querystring: Type.Object(
          {
            projection: Type.Optional(ProjectionName),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
          },
          { additionalProperties: false },
        ),
        response: answers(Type.Object({ certificates: Type.Array(Document, { maxItems: 200 }) })),
      },
    },
    async ({ query: { projection, limit = 50 } }) => {
      const certificates = await deps.certificates.list({ limit, ...(projection !== undefined && { projection }) });
      return { certificates };
    },
  );
  app.get(
    '/v1/audit/certificates/:certificateId',
    {
      config: { action: 'audit.read', session: true },
      schema: {
        tags,
        summary: 'One certificate, to be kept',
        params: Type.Object({ certificateId: Type.String({ minLength: 1, maxLength: 60 }) }),
        response: answers(Document),
      },
    },
    async ({ params: { certificateId } }, reply) => {
      const certificate = await deps.certificates.find(certificateId);
      if (!certificate) throw notFound('certificate')();
      const { id, projection } = certificate;
      return reply.header('content-disposition', `attachment; filename="${projection}-${id}.json"`).send(certificate);
    },
  );
}
