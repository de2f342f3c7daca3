import { type Refused, refuse } from '../decider.ts';
import type { RefusalCode } from '../refusals.ts';
import type { OrderCommandName } from './commands.ts';
import { type At, orderHold } from './holds.ts';
import type { Commercial, OrderState } from './state.ts';

/** The commercial states in which a command can be given at all. */
const states: Readonly<Record<OrderCommandName, readonly Commercial[]>> = {
  place: ['new'],
  accept: ['submitted'],
  reject: ['submitted'],
  hold: ['submitted', 'accepted'],
  'release-hold': ['submitted', 'accepted'],
  'change-lines': ['submitted', 'accepted'],
  'cancel-line': ['submitted', 'accepted'],
  cancel: ['submitted', 'accepted'],
  promise: ['submitted', 'accepted'],
  ship: ['accepted'],
  deliver: ['accepted'],
  'record-delivery-error': ['accepted', 'closed'],
  close: ['accepted'],
  reopen: ['closed'],
};

/** Refuses a command that the order cannot take as it stands, whatever its details: commercial state and holds on the order. */
export function standing(state: OrderState, command: OrderCommandName, at: At): Refused | undefined {
  if (!states[command].includes(state.commercial)) return wrongState(state, command);
  const hold = orderHold(state, command, at);
  if (!hold) return undefined;
  return refuse(
    'order-on-hold',
    `The ${hold.holdType} hold ${hold.holdId} on order ${state.orderNo} blocks ${command}`,
  );
}

const codes: Readonly<Record<Exclude<Commercial, 'new'>, RefusalCode>> = {
  draft: 'order-not-submitted',
  submitted: 'order-not-accepted',
  accepted: 'order-already-accepted',
  closed: 'order-closed',
  rejected: 'order-rejected',
  cancelled: 'order-cancelled',
};

function wrongState({ commercial, orderNo }: OrderState, command: OrderCommandName): Refused {
  if (commercial === 'new') return refuse('order-unknown', `There is no such order to ${command}`);
  if (command === 'place') return refuse('order-exists', `Order ${orderNo} was placed before under this id`);
  const open = commercial === 'submitted' || commercial === 'accepted';
  const code = command === 'reopen' && open ? 'order-not-closed' : codes[commercial];
  return refuse(
    code,
    `Order ${orderNo} is ${commercial}; ${command} is for orders that are ${states[command].join(' or ')}`,
  );
}
