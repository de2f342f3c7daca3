import type { OrderCommand } from '../commands/order/commands.ts';

/** A command and the stream that it goes to. Placing an order draws numbers: that is no command of a process. */
export type TargetCommand = {
  readonly family: 'order';
  readonly id: string;
  readonly command: Exclude<OrderCommand, { kind: 'place' }>;
};
