import fc from 'fast-check';
import type { OrderCommand, OrderCommandName } from '../../src/commands/order/commands.ts';
import { open, toShip, underWay, unpromised } from '../../src/commands/order/ledger.ts';
import type { OrderLineState, OrderState } from '../../src/commands/order/state.ts';
import { multiply, round } from '../../src/values/decimal.ts';
import { command, pieces, place, until } from './orders.ts';

/**
 * Random lives of orders. An intent is plain data that becomes a command when its turn comes: it aims at lines, promises,
 * shipments and quantities that are there, and misses often enough to be refused.
 */
export interface Intent {
  readonly kind: Exclude<OrderCommandName, 'place'>;
  /** Which line, shipment or hold, counted round; 9 aims at nothing. */
  readonly target: number;
  /** Eighths of what there is room for; 0 leaves the quantity out. */
  readonly eighths: number;
  readonly day: number;
  readonly flag: boolean;
}

const weights: Readonly<Record<Intent['kind'], number>> = {
  accept: 8,
  reject: 1,
  hold: 1,
  'release-hold': 6,
  'change-lines': 2,
  'cancel-line': 3,
  cancel: 1,
  promise: 12,
  ship: 14,
  deliver: 14,
  'record-delivery-error': 2,
  close: 8,
  reopen: 4,
};

const kind = fc.oneof(
  ...Object.entries(weights).map(([name, weight]) => ({ weight, arbitrary: fc.constant(name as Intent['kind']) })),
);

const intent: fc.Arbitrary<Intent> = fc.record({
  kind,
  target: fc.integer({ min: 0, max: 9 }),
  eighths: fc.constantFrom(0, 0, 0, 0, 8, 8, 8, 3, 4, 9),
  day: fc.integer({ min: 1, max: 28 }),
  flag: fc.boolean(),
});

export interface Life {
  readonly quantities: readonly string[];
  readonly under: string;
  readonly over: string;
  readonly intents: readonly Intent[];
}

export const randomLife: fc.Arbitrary<Life> = fc.record({
  quantities: fc.array(fc.constantFrom('1', '2.5', '4', '10', '20'), { minLength: 1, maxLength: 2 }),
  under: fc.constantFrom('0', '0.1'),
  over: fc.constantFrom('0', '0.1', '0.5'),
  intents: fc.array(intent, { minLength: 10, maxLength: 50, size: 'max' }),
});

export const placement = ({ quantities, under, over }: Life): OrderCommand =>
  place({ tolerances: { under, over }, lines: quantities.map((value) => ({ sku: 'A', qty: pieces(value) })) });

const aimed = <T>(list: readonly T[], target: number): T | undefined =>
  target === 9 ? undefined : list[target % Math.max(1, list.length)];

type LineQuantity = (line: OrderLineState) => string;

/** The command that the intent means for the order as it stands. */
export function commandOf(state: OrderState, { kind, target, eighths, day, flag }: Intent): OrderCommand {
  const line = aimed(state.lines, target);
  const lineNo = line?.lineNo ?? 77;
  const shipmentId = aimed([...state.shipments].reverse(), target)?.shipmentId ?? 'S-unknown';
  const qty = (of: LineQuantity) =>
    eighths > 0 && line ? { qty: pieces(round(multiply(of(line), String(eighths / 8)), 3, 'down')) } : {};
  const scheduleLine = aimed(line?.scheduleLines ?? [], day);
  const initiator = flag ? 'customer' : 'supplier';
  const promise = until(`2026-04-${String(day).padStart(2, '0')}`);
  switch (kind) {
    case 'hold':
      return command(kind, { holdType: day % 2 ? 'credit' : 'manual', holdId: `H${target}`, ...(flag && { lineNo }) });
    case 'release-hold':
      return command(kind, { holdId: aimed(state.holds, target)?.holdId ?? 'H-unknown' });
    case 'change-lines':
      return flag && eighths % 4 === 0
        ? command(kind, { add: [{ sku: 'B', qty: pieces(target) }] })
        : command(kind, { initiator, change: [{ lineNo, ...qty((l) => multiply(open(l.ledger), '1.5')) }] });
    case 'cancel-line':
      return command(kind, { lineNo, initiator, ...qty((l) => toShip(l.ledger)) });
    case 'promise':
      return scheduleLine && target % 2
        ? command(kind, {
            initiator,
            revise: [{ lineNo, promise, ...(flag && { scheduleId: scheduleLine.scheduleId }) }],
          })
        : command(kind, { commit: [{ lineNo, promise, ...qty((l) => unpromised(l.ledger)) }] });
    case 'ship': {
      const named = flag && scheduleLine ? { scheduleId: scheduleLine.scheduleId } : {};
      const lines = [{ lineNo, ...named, ...qty((l) => toShip(l.ledger)) }];
      return command(kind, { shipmentId: `S${state.shipments.length + (target === 8 ? -1 : 0)}`, lines });
    }
    case 'deliver':
      return command(kind, { shipmentId, ...(flag && { lines: [{ lineNo, ...qty((l) => underWay(l.ledger)) }] }) });
    case 'record-delivery-error':
      return command(kind, { kind: 'damage', ...(flag ? { shipmentId } : target % 4 > 0 && { lineNo }) });
    case 'cancel':
      return command(kind, { initiator });
    default:
      return command(kind, {});
  }
}
