import { type TSchema, type TUnsafe, Type } from 'typebox';

/** RFC 9457, as answers.ts writes it. */
export const ProblemDocument = Type.Object(
  {
    type: Type.String({ description: 'Address of the page about this problem', maxLength: 200 }),
    title: Type.String({ maxLength: 500 }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    code: Type.String({ description: 'Stable word for programs', maxLength: 100 }),
    detail: Type.Optional(Type.String({ maxLength: 2000 })),
    help: Type.String({ maxLength: 1000 }),
    instance: Type.Optional(Type.String({ maxLength: 2000 })),
    errors: Type.Optional(
      Type.Array(Type.Object({ pointer: Type.String({ maxLength: 500 }), detail: Type.String({ maxLength: 2000 }) }), {
        maxItems: 20,
      }),
    ),
    traceId: Type.String({ description: 'Names this request in the log', maxLength: 32 }),
  },
  { additionalProperties: true },
);

/** Response schemas document what is sent; they neither check nor change it. */
export function answers(
  schema: TSchema,
  status = 200,
  contentType = 'application/json',
): Record<string, TUnsafe<unknown>> {
  const good = { description: 'Done', content: { [contentType]: { schema } } };
  const bad = { description: 'A problem', content: { 'application/problem+json': { schema: ProblemDocument } } };
  return { [status]: Type.Unsafe<unknown>(good), '4xx': Type.Unsafe<unknown>(bad), '5xx': Type.Unsafe<unknown>(bad) };
}
