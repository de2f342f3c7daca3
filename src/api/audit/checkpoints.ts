import { Type } from 'typebox';
import type { KeptCheckpoint } from '../../audit/checkpoint/history.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { Problem } from '../problems.ts';
import { answered } from './failures.ts';

const tags = ['audit'];
const most = 100;

const Checkpoint = Type.Object(
  {
    size: Type.Integer({ description: 'How many events are under it', minimum: 0 }),
    root: Type.String({ description: 'Root of the Merkle tree over them, base64', maxLength: 44 }),
    origin: Type.String({ maxLength: 200 }),
    note: Type.String({ description: 'The signed note (c2sp.org/tlog-checkpoint)', maxLength: 10_000 }),
    position: Type.String({ description: 'Of the last event under it', maxLength: 64 }),
    issuedAt: Type.String({ description: 'By the clock of the service; not signed', maxLength: 40 }),
  },
  { $id: 'Checkpoint' },
);

export const checkpointDocument = ({ size, root, origin, note, position, issuedAt }: KeptCheckpoint) => ({
  size,
  root: root.toString('base64'),
  origin,
  note,
  position,
  issuedAt,
});

/** The signed heads of the tree over the log. */
export function checkpointRoutes(app: Api, { notary }: ApiDependencies): void {
  app.get(
    '/v1/audit/checkpoints',
    {
      config: { action: 'audit.read' },
      schema: {
        tags,
        summary: 'Signed checkpoints of the log, newest first',
        querystring: Type.Object(
          {
            below: Type.Optional(
              Type.Integer({ description: 'Only those over fewer events', minimum: 0, maximum: 2 ** 53 - 1 }),
            ),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: most, default: 20 })),
          },
          { additionalProperties: false },
        ),
        response: answers(Type.Object({ checkpoints: Type.Array(Checkpoint, { maxItems: most }) })),
      },
    },
    async (request, reply) => {
      const { below, limit = 20 } = request.query;
      const found = await notary.checkpoints({ ...(below !== undefined && { below }), limit: limit + 1 });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      if (last && found.length > limit) {
        reply.header('link', `</v1/audit/checkpoints?below=${last.size}&limit=${limit}>; rel="next"`);
      }
      return { checkpoints: page.map(checkpointDocument) };
    },
  );
  latestRoute(app, notary);
  app.post(
    '/v1/audit/checkpoints',
    {
      config: { action: 'audit.checkpoint' },
      schema: {
        tags,
        summary: 'Have the log signed as it is now; the last checkpoint, when nothing was recorded since',
        response: answers(Checkpoint),
      },
    },
    async () => checkpointDocument((await answered(notary.checkpoint())).checkpoint),
  );
}

function latestRoute(app: Api, notary: ApiDependencies['notary']): void {
  const Latest = Type.Object({
    checkpoint: Type.Union([Checkpoint, Type.Null()]),
    publicKey: Type.Union([Type.String({ description: 'name+id+key', maxLength: 400 }), Type.Null()]),
    tree: Type.Object({
      state: Type.String({ description: 'live, when it has what the log has', maxLength: 40 }),
      size: Type.Integer({ minimum: 0 }),
    }),
  });
  app.get(
    '/v1/audit/checkpoints/latest',
    {
      config: { action: 'audit.read' },
      schema: {
        tags,
        summary:
          'The last checkpoint, the key that signs, and how far the tree over the log is. As text/plain: the note alone',
        response: answers(Latest),
      },
    },
    async (request, reply) => {
      const last = await notary.latest();
      if (request.headers.accept?.startsWith('text/plain')) {
        if (!last) throw new Problem('not-found', { detail: 'No checkpoint has been signed yet.' });
        return reply.type('text/plain; charset=utf-8').serializer(String).send(last.note);
      }
      const { state, size } = notary.standing();
      return {
        checkpoint: last ? checkpointDocument(last) : null,
        publicKey: (await notary.publicKey()) ?? null,
        tree: { state: state.kind, size },
      };
    },
  );
}
