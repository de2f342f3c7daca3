import { Type } from 'typebox';
import { type OrderCommandName, orderCommands } from '../../commands/order/commands.ts';
import { Code, Instant, LineNo, Text } from '../../events/catalog/terms.ts';

/** HTTP bodies of the commands: their own schemas, plus when and why; what the path says is left out. */

export const envelopeProperties = {
  occurredAt: Type.Optional(
    Type.Unsafe<string>({ ...Instant, description: 'When it happened, if earlier than now (RFC 3339, UTC)' }),
  ),
  reason: Type.Optional(Type.Object({ code: Code, text: Type.Optional(Text) }, { additionalProperties: false })),
};

export interface CommandRoute {
  readonly command: Exclude<OrderCommandName, 'place'>;
  /** Below /v1/orders/{id}/ */
  readonly path: string;
  readonly summary: string;
  /** Path parameters that fill the body. */
  readonly params?: Readonly<Record<string, typeof Code | typeof LineNo>>;
  /** Many lines: may be as large as an order. */
  readonly large?: true;
}

export const commandRoutes: readonly CommandRoute[] = [
  { command: 'accept', path: 'accept', summary: 'Confirm the order' },
  { command: 'reject', path: 'reject', summary: 'Decline the order' },
  { command: 'hold', path: 'holds', summary: 'Place a hold on the order or one of its lines' },
  { command: 'release-hold', path: 'holds/:holdId/release', summary: 'Release a hold', params: { holdId: Code } },
  { command: 'change-lines', path: 'changes', summary: 'Add lines, change quantities or requested dates', large: true },
  {
    command: 'cancel-line',
    path: 'lines/:lineNo/cancel',
    summary: 'Cancel open quantity of a line',
    params: { lineNo: LineNo },
  },
  { command: 'cancel', path: 'cancel', summary: 'Cancel what is still open of the order' },
  { command: 'promise', path: 'promises', summary: 'Promise dates, or move promises', large: true },
  { command: 'ship', path: 'shipments', summary: 'Record that goods left', large: true },
  {
    command: 'deliver',
    path: 'shipments/:shipmentId/deliveries',
    summary: 'Record that the customer received goods of a shipment',
    params: { shipmentId: Code },
    large: true,
  },
  { command: 'record-delivery-error', path: 'delivery-errors', summary: 'Record that a delivery was not as ordered' },
  { command: 'close', path: 'close', summary: 'Close an order of which nothing is open' },
  { command: 'reopen', path: 'reopen', summary: 'Open a closed order again' },
];

/** The command's schema without what the path says. */
export function bodySchemaOf(route: CommandRoute) {
  const inPath = new Set(Object.keys(route.params ?? {}));
  const properties = Object.fromEntries(
    Object.entries(orderCommands[route.command].properties).filter(([name]) => !inPath.has(name)),
  );
  return Type.Object({ ...properties, ...envelopeProperties }, { additionalProperties: false });
}
