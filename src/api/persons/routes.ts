import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { PersonId } from '../../events/catalog/sealed.ts';
import { Code, Instant, Text } from '../../events/catalog/terms.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { actorOf } from '../http/commanding.ts';
import { answers } from '../http/documented.ts';
import { authorize } from '../http/gate.ts';
import { positionHeader } from '../http/positions.ts';
import { viewerOf } from '../http/viewers.ts';
import { Problem } from '../problems.ts';

const tags = ['persons'];
const params = Type.Object({ personId: PersonId });
const unknown = () => new Problem('person-unknown', { detail: 'Nothing is kept about such a person.' });

/** What a person may ask of us: what is known, and to be forgotten. */
export function personRoutes(app: Api, deps: ApiDependencies): void {
  exportRoute(app, deps);
  eraseRoute(app, deps);
}

function exportRoute(app: Api, deps: ApiDependencies): void {
  app.get(
    '/v1/persons/:personId',
    {
      config: { action: 'subject.read' },
      schema: {
        tags,
        summary: 'Everything that is kept about one person, to be handed to that person',
        params,
        response: answers(Type.Object({ personId: PersonId, exportedAt: Instant }, { additionalProperties: true })),
      },
    },
    async (request, reply) => {
      const about = await deps.subjects.about(request.params.personId, viewerOf(request));
      if (!about) throw unknown();
      reply.header('content-disposition', `attachment; filename="person-${about.personId}.json"`);
      return about;
    },
  );
}

function eraseRoute(app: Api, deps: ApiDependencies): void {
  const Erasure = Type.Object({ personId: PersonId, finishedAt: Instant }, { additionalProperties: true });
  app.post(
    '/v1/persons/:personId/erase',
    {
      config: { action: 'person.erase' },
      schema: {
        tags,
        summary: 'Destroy the keys of a person: what is sealed under them can never be read again',
        description: 'Cannot be undone. Repeating it changes nothing, and goes on with an erasure that was cut off.',
        params,
        body: Type.Object(
          {
            reason: Type.Object(
              {
                code: Code,
                text: Type.Optional(
                  Type.String({ ...Text, description: 'Stays on record: must not say anything about the person' }),
                ),
              },
              { additionalProperties: false },
            ),
          },
          { additionalProperties: false },
        ),
        response: answers(Erasure),
      },
    },
    async (request, reply) => {
      const principal = authorize(request, 'person.erase');
      const { personId } = request.params;
      const { reason } = request.body;
      const erased = await deps.erasing.erase({ personId, commandId: randomUUID(), actor: actorOf(principal), reason });
      if (!erased) throw unknown();
      return reply.header(positionHeader, erased.position).send(erased);
    },
  );
}
