import { Type } from 'typebox';
import { allowedCommands } from '../../commands/order/allowed.ts';
import type { OrderState } from '../../commands/order/aggregate.ts';
import { displayStatus } from '../../commands/order/status.ts';
import type { Revision } from '../../events/envelope.ts';

/** The order as every answer shows it. */
export const OrderDocument = Type.Object(
  {
    orderId: Type.String({ maxLength: 36 }),
    orderNo: Type.String({ maxLength: 24 }),
    customerId: Type.String({ maxLength: 120 }),
    version: Type.Integer({ minimum: 0 }),
    status: Type.String({ maxLength: 40 }),
    lines: Type.Array(Type.Object({}, { additionalProperties: true }), { maxItems: 5000 }),
    allowedCommands: Type.Record(Type.String(), Type.Unknown(), {
      description: 'For every command: true, or the code of the refusal that it would get now (see /problems)',
    }),
  },
  { $id: 'Order', additionalProperties: true },
);

export function orderAnswer({ state, revision }: { readonly state: OrderState; readonly revision: Revision }) {
  return { ...state, version: revision, status: displayStatus(state), allowedCommands: allowedCommands(state) };
}
