import { Type } from 'typebox';
import type { EventPlace } from '../../audit/proofs.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { positionOf } from '../http/positions.ts';
import { Problem } from '../problems.ts';
import { answered } from './failures.ts';

const tags = ['audit'];
const Size = Type.Integer({ minimum: 0, maximum: 2 ** 53 - 1 });
const Hashes = Type.Array(Type.String({ maxLength: 44 }), { description: 'base64, from the leaf up', maxItems: 110 });
const Head = Type.Object({ size: Size, root: Type.String({ maxLength: 44 }) });

const Inclusion = Type.Object({
  stream: Type.String({ maxLength: 300 }),
  revision: Type.Integer({ minimum: 0 }),
  eventId: Type.String({ maxLength: 36 }),
  position: Type.String({ maxLength: 64 }),
  record: Type.String({ description: 'Canonical JSON of the event: the data of the leaf', maxLength: 10_000_000 }),
  index: Size,
  size: Size,
  proof: Hashes,
  checkpoint: Type.String({ description: 'The signed note over `size` events', maxLength: 10_000 }),
});

const Query = Type.Object(
  {
    position: Type.Optional(Type.String({ description: 'Position of the event', maxLength: 64 })),
    stream: Type.Optional(
      Type.String({ description: 'Its stream, with its revision or its id', minLength: 1, maxLength: 300 }),
    ),
    revision: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 })),
    eventId: Type.Optional(Type.String({ format: 'uuid', maxLength: 36 })),
    size: Type.Optional({ ...Size, description: 'Under the checkpoint over so many events; the last one if left out' }),
  },
  { additionalProperties: false },
);

/** Proofs of RFC 9162, for whoever checks them by himself. */
export function proofRoutes(app: Api, { notary }: ApiDependencies): void {
  app.get(
    '/v1/audit/proofs/inclusion',
    {
      config: { action: 'evidence.read' },
      schema: {
        tags,
        summary: 'That an event is in the log under a checkpoint',
        querystring: Query,
        response: answers(Inclusion),
      },
    },
    async ({ query }) => {
      const proof = await answered(notary.inclusion(placeIn(query), query.size));
      if (!proof) throw new Problem('not-found', { detail: 'There is no such event.' });
      return proof;
    },
  );
  app.get(
    '/v1/audit/proofs/consistency',
    {
      config: { action: 'audit.read' },
      schema: {
        tags,
        summary: 'That the log of a later size begins with the log of an earlier one',
        querystring: Type.Object(
          { from: Size, to: Type.Optional({ ...Size, description: 'As it is now, if left out' }) },
          { additionalProperties: false },
        ),
        response: answers(Type.Object({ from: Head, to: Head, proof: Hashes })),
      },
    },
    async ({ query: { from, to = notary.standing().size } }) => {
      if (from > to || to > notary.standing().size) {
        throw new Problem('invalid-request', {
          detail: `The log has ${notary.standing().size} events in its tree; from is at most to, and to at most that.`,
        });
      }
      return answered(notary.consistency(from, to));
    },
  );
}

function placeIn(query: {
  readonly position?: string;
  readonly stream?: string;
  readonly revision?: number;
  readonly eventId?: string;
}): EventPlace {
  const { position, stream, revision, eventId } = query;
  if (position !== undefined && stream === undefined) return { position: positionOf(position) };
  if (position === undefined && stream !== undefined) {
    if (revision !== undefined && eventId === undefined) return { stream, revision };
    if (eventId !== undefined && revision === undefined) return { stream, eventId };
  }
  throw new Problem('invalid-request', {
    detail: 'Say which event: `position`, or `stream` with `revision`, or `stream` with `eventId`.',
  });
}
