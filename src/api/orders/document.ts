import { Type } from 'typebox';

/** Describes `orderDocument` of the read model: the order as every answer shows it. Names what programs rely on. */
export const OrderSchema = Type.Object(
  {
    orderId: Type.String({ maxLength: 36 }),
    orderNo: Type.String({ maxLength: 24 }),
    customerId: Type.String({ maxLength: 120 }),
    version: Type.Integer({ description: 'The ETag without its quotes', minimum: 0, maximum: 1_000_000_000 }),
    status: Type.String({ description: 'One word, derived from the rest', maxLength: 40 }),
    lines: Type.Array(Type.Object({}, { additionalProperties: true }), { maxItems: 5000 }),
    allowedCommands: Type.Record(
      Type.String({ maxLength: 40 }),
      Type.Union([Type.Literal(true), Type.String({ maxLength: 60 })]),
      {
        description: 'For every command: true, or the code of the refusal that it would get now (see /problems/{code})',
        maxProperties: 40,
      },
    ),
  },
  { additionalProperties: true },
);
