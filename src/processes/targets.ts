import type { Aggregate } from '../commands/decider.ts';
import { orderAggregate } from '../commands/order/aggregate.ts';
import type { OrderCommand } from '../commands/order/commands.ts';
import type { Fact } from '../events/catalog/index.ts';

/** A command and the stream that it goes to. Placing an order draws numbers: that is no command of a process. */
export type TargetCommand = {
  readonly family: 'order';
  readonly id: string;
  readonly command: Exclude<OrderCommand, { kind: 'place' }>;
};

/** Whom processes may command, by stream family. */
export const targets: { readonly [Family in TargetCommand['family']]: Aggregate<unknown, unknown, Fact> } = {
  order: orderAggregate as unknown as Aggregate<unknown, unknown, Fact>,
};
