import { Type } from 'typebox';
import { zipOf } from '../../audit/evidence/zip.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { notFound } from '../http/gate.ts';
import { viewerOf } from '../http/viewers.ts';
import { OrderPath, orderIdOf } from '../orders/identity.ts';
import { answered } from './failures.ts';

const tags = ['audit'];

const Finding = Type.Object(
  {
    kind: Type.String({ description: 'What was done, e.g. data-changed, deleted, reordered', maxLength: 40 }),
    stream: Type.Optional(Type.String({ maxLength: 300 })),
    revision: Type.Optional(Type.Integer()),
    position: Type.Optional(Type.String({ maxLength: 64 })),
    detail: Type.String({ maxLength: 2_000 }),
  },
  { additionalProperties: true },
);

const Verdict = Type.Object({
  ok: Type.Boolean(),
  orderId: Type.String({ maxLength: 36 }),
  streams: Type.Array(Type.Object({ stream: Type.String({ maxLength: 300 }), events: Type.Integer() }), {
    maxItems: 1_000,
  }),
  signedEvents: Type.Integer({ description: 'Of them under the checkpoint; younger ones are only chained' }),
  cut: Type.Boolean({ description: 'There are more events than were looked at' }),
  checkpoint: Type.Object({ size: Type.Integer(), issuedAt: Type.String({ maxLength: 40 }) }),
  findings: Type.Array(Finding, { maxItems: 1_000 }),
});

/** One order, verified, and to take away. */
export function orderEvidenceRoutes(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/audit/orders/:id/verify',
    {
      config: { action: 'audit.read' },
      schema: {
        tags,
        summary: 'Verify what is recorded about an order: contents, chain, tree and checkpoint',
        params: OrderPath,
        response: answers(Verdict),
      },
    },
    async (request, reply) => {
      const orderId = await orderIdOf(deps, request, request.params.id);
      const verdict = await answered(deps.notary.verifyOrder(orderId));
      if (!verdict) throw notFound('order')();
      reply.header('cache-control', 'no-store');
      return verdict;
    },
  );
  app.get(
    '/v1/audit/orders/:id/evidence',
    {
      config: { action: 'evidence.read' },
      schema: {
        tags,
        summary:
          'Everything about an order with proofs, a signed checkpoint and a program that checks it: a ZIP archive',
        params: OrderPath,
        response: answers(Type.Unsafe<unknown>({}), 200, 'application/zip'),
      },
    },
    async (request, reply) => {
      const orderId = await orderIdOf(deps, request, request.params.id);
      const files = await answered(deps.notary.evidence(orderId));
      if (!files) throw notFound('order')();
      await deps.viewing.evidence(viewerOf(request), `order-${orderId}`);
      reply.headers({
        'content-type': 'application/zip',
        'content-disposition': `attachment; filename="evidence-${orderId}.zip"`,
        'cache-control': 'no-store',
      });
      return reply.send(zipOf(files));
    },
  );
}
