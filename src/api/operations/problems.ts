import { Type } from 'typebox';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { Problem, problemTypes } from '../problems.ts';

const tags = ['operations'];

const ProblemTypeDocument = Type.Object({
  code: Type.String({ maxLength: 100 }),
  status: Type.Integer({ minimum: 400, maximum: 599 }),
  title: Type.String({ maxLength: 500 }),
  help: Type.String({ maxLength: 1000 }),
});

/** The pages behind the `type` of every problem document. */
export function problemRoutes(app: Api): void {
  const config = { action: 'public' } as const;
  app.get(
    '/problems',
    {
      config,
      schema: {
        tags,
        summary: 'Every problem code',
        security: [],
        response: answers(Type.Object({ problems: Type.Array(ProblemTypeDocument, { maxItems: 1000 }) })),
      },
    },
    async () => ({ problems: [...problemTypes].map(([code, type]) => ({ code, ...type })) }),
  );
  app.get(
    '/problems/:code',
    {
      config,
      schema: {
        tags,
        summary: 'One problem code: what it means and what to do',
        security: [],
        params: Type.Object({ code: Type.String({ minLength: 1, maxLength: 100 }) }),
        response: answers(ProblemTypeDocument),
      },
    },
    async (request) => {
      const type = problemTypes.get(request.params.code);
      if (!type) throw new Problem('not-found', { detail: 'There is no such problem code.' });
      return { code: request.params.code, ...type };
    },
  );
}
