import type { Random } from '../../src/simulate/random.ts';

/** What should be true of one order, in plain numbers: written beside the product's own fold, not derived from it. */
export interface ModelledLine {
  ordered: number;
  cancelled: number;
  promised: number;
  shipped: number;
  /** The part of `shipped` that left without a promise. */
  unpromised: number;
  delivered: number;
}

export interface ModelledOrder {
  orderId: string;
  commercial: 'submitted' | 'accepted' | 'closed';
  /** Of the last event: every command says how many events it should have made. */
  version: number;
  readonly lines: ModelledLine[];
  /** By shipment id: quantity under way of each line number. */
  readonly shipments: Map<string, Map<number, number>>;
  readonly holds: string[];
  errors: number;
}

/** What the answer to a command shows of the order. */
export interface ShownOrder {
  readonly orderId: string;
  readonly commercial: string;
  readonly version: number;
  readonly lines: readonly { readonly lineNo: number; readonly quantities: Readonly<Record<string, string>> }[];
  readonly shipments: readonly { readonly shipmentId: string }[];
  readonly holds: readonly { readonly holdId: string }[];
  readonly deliveryErrors: number | readonly unknown[];
}

export interface Step {
  /** Below /v1/orders/{id}/ */
  readonly path: string;
  readonly body: object;
  /** What is true once it was done; the answer tells the ids that the service chose. */
  readonly done: (shown: ShownOrder) => void;
  /** A command that must be refused says with which code. */
  readonly refused?: string;
}

const unit = 'C62';
const pieces = (value: number) => ({ value: String(value), uom: unit });

export function placement(random: Random, customerId: string): { body: object; order: ModelledOrder } {
  const quantities = Array.from({ length: random.between(1, 3) }, () => random.between(1, 40));
  const lines = quantities.map((qty, at) => ({ sku: `ITEM-${at}`, qty: pieces(qty) }));
  const order: ModelledOrder = {
    orderId: '',
    commercial: 'submitted',
    version: 2, // started, lines added, submitted
    lines: quantities.map(newLine),
    shipments: new Map(),
    holds: [],
    errors: 0,
  };
  return { body: { customerId, currency: 'EUR', lines }, order };
}

const newLine = (ordered: number): ModelledLine => ({
  ordered,
  cancelled: 0,
  promised: 0,
  shipped: 0,
  unpromised: 0,
  delivered: 0,
});

const toShip = ({ ordered, cancelled, shipped }: ModelledLine) => ordered - cancelled - shipped;
const free = ({ ordered, cancelled, promised, unpromised }: ModelledLine) =>
  ordered - cancelled - promised - unpromised;

/**
 * A step that the order can take, by chance. Ids are left to the service and quantities are partial, so a command that
 * took effect twice would show.
 */
export function nextStep(random: Random, order: ModelledOrder): Step {
  const kinds = order.commercial === 'accepted' ? acceptedKinds : [acceptStep, promiseStep, addStep, cancelStep];
  for (let tries = 0; tries < 20; tries += 1) {
    const step = random.pick(kinds as [Kind, ...Kind[]])(random, order);
    if (step) return step;
  }
  throw new Error(`There is no step for ${JSON.stringify(order)}`);
}

type Kind = (random: Random, order: ModelledOrder) => Step | undefined;

/** The step, raising the version by one event. */
const step = (order: ModelledOrder, path: string, body: object, done: (shown: ShownOrder) => void): Step => ({
  path,
  body,
  done(shown) {
    order.version += 1;
    done(shown);
  },
});

const refused = (path: string, body: object, code: string): Step => ({ path, body, done: () => {}, refused: code });

function chosen(random: Random, order: ModelledOrder): [lineNo: number, line: ModelledLine] {
  const at = random.between(0, order.lines.length - 1);
  return [at + 1, order.lines[at] ?? newLine(0)];
}

const acceptStep: Kind = (_, order) =>
  step(order, 'accept', {}, () => {
    order.commercial = 'accepted';
  });

const promiseStep: Kind = (random, order) => {
  const [lineNo, line] = chosen(random, order);
  if (free(line) === 0) return undefined;
  const qty = random.between(1, free(line));
  const promise = { deliverOn: `2027-03-${random.between(10, 28)}`, zone: 'Europe/Berlin' };
  return step(order, 'promises', { commit: [{ lineNo, qty: pieces(qty), promise }] }, () => {
    line.promised += qty;
  });
};

const addStep: Kind = (random, order) => {
  const qty = random.between(1, 20);
  return step(order, 'changes', { add: [{ sku: 'ADDED', qty: pieces(qty) }] }, () => {
    order.lines.push(newLine(qty));
  });
};

const cancelStep: Kind = (random, order) => {
  const [lineNo, line] = chosen(random, order);
  if (toShip(line) === 0) return undefined;
  const qty = random.between(1, toShip(line));
  return step(order, `lines/${lineNo}/cancel`, { qty: pieces(qty) }, () => {
    line.promised -= Math.max(0, qty - free(line));
    line.cancelled += qty;
  });
};

const shipStep: Kind = (random, order) => {
  const [lineNo, line] = chosen(random, order);
  if (toShip(line) === 0) return undefined;
  const qty = random.between(1, toShip(line));
  return step(order, 'shipments', { lines: [{ lineNo, qty: pieces(qty) }] }, ({ shipments }) => {
    const promised = Math.min(qty, line.promised - (line.shipped - line.unpromised));
    line.unpromised += qty - promised;
    line.shipped += qty;
    const fresh = shipments.filter(({ shipmentId }) => !order.shipments.has(shipmentId));
    if (fresh.length !== 1) throw new Error(`One new shipment was expected, ${fresh.length} are there`);
    order.shipments.set(fresh[0]?.shipmentId ?? '', new Map([[lineNo, qty]]));
  });
};

const deliverStep: Kind = (random, order) => {
  const open = [...order.shipments].flatMap(([shipmentId, lines]) =>
    [...lines].filter(([, left]) => left > 0).map(([lineNo, left]) => ({ shipmentId, lines, lineNo, left })),
  );
  const [first, ...others] = open;
  if (!first) return undefined;
  const { shipmentId, lines, lineNo, left } = random.pick([first, ...others]);
  const qty = random.between(1, left);
  const body = { lines: [{ lineNo, qty: pieces(qty) }] };
  return step(order, `shipments/${shipmentId}/deliveries`, body, () => {
    lines.set(lineNo, left - qty);
    const line = order.lines[lineNo - 1];
    if (line) line.delivered += qty;
  });
};

const errorStep: Kind = (random, order) => {
  const [lineNo, line] = chosen(random, order);
  if (line.shipped === 0) return undefined;
  return step(order, 'delivery-errors', { kind: 'damage', lineNo }, () => {
    order.errors += 1;
  });
};

/** A hold on the price blocks only steps that these orders do not take. */
const holdStep: Kind = (_, order) =>
  step(order, 'holds', { holdType: 'price' }, ({ holds }) => {
    order.holds.push(...holds.map(({ holdId }) => holdId).filter((holdId) => !order.holds.includes(holdId)));
  });

const releaseStep: Kind = (_, order) => {
  const [holdId] = order.holds;
  if (holdId === undefined) return undefined;
  return step(order, `holds/${holdId}/release`, {}, () => {
    order.holds.shift();
  });
};

const closeStep: Kind = (_, order) => {
  if (order.lines.some((line) => line.ordered - line.cancelled > line.delivered))
    return refused('close', {}, 'order-not-finished');
  return step(order, 'close', {}, () => {
    order.commercial = 'closed';
  });
};

const tooMuchStep: Kind = (random, order) => {
  const [lineNo, line] = chosen(random, order);
  return refused('shipments', { lines: [{ lineNo, qty: pieces(toShip(line) + 1) }] }, 'quantity-exceeds-open');
};

const twice = (kind: Kind): Kind[] => [kind, kind];
const acceptedKinds: readonly Kind[] = [
  ...twice(promiseStep),
  ...[shipStep, ...twice(shipStep)],
  ...[deliverStep, ...twice(deliverStep)],
  addStep,
  ...twice(cancelStep),
  errorStep,
  holdStep,
  releaseStep,
  closeStep,
  tooMuchStep,
];

/** The quantities of each line as the document shows them; what is zero may be left out there. */
export const shownQuantities = ({ lines }: ShownOrder) =>
  lines.map(({ quantities: q }) =>
    [q.ordered, q.cancelled, q.promised, q.shipped, q.delivered].map((n) => Number(n ?? 0)),
  );

export const modelledQuantities = ({ lines }: ModelledOrder) =>
  lines.map(({ ordered, cancelled, promised, shipped, delivered }) => [
    ordered,
    cancelled,
    promised,
    shipped,
    delivered,
  ]);
