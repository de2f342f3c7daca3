import type { OrderFact } from '../../events/catalog/index.ts';
import { add } from '../../values/decimal.ts';
import type { FactTimes } from '../decider.ts';
import { post } from './ledger.ts';
import { addedLine, withCancelled, withDelivered, withPromised, withRevised, withShipped } from './lines.ts';
import { lineIndex, type OrderLineState, type OrderState, type Shipment } from './state.ts';

type Fact<Name extends OrderFact['type']> = Extract<OrderFact, { type: Name }>;
type Evolution<Name extends OrderFact['type']> = (
  state: OrderState,
  data: Fact<Name>['data'],
  times: FactTimes,
) => OrderState;

/** A fact names something that the order does not have: the stream was not written by this product, or not whole. */
export class InconsistentStream extends Error {
  override readonly name = 'InconsistentStream';
  readonly code = 'inconsistent-stream';
}

/** Changes the lines that are named, each by its own entry. Untouched lines keep their identity. */
function eachLine<Entry extends { readonly lineNo: number }>(
  state: OrderState,
  entries: readonly Entry[],
  change: (line: OrderLineState, entry: Entry) => OrderLineState,
): OrderState {
  const lines = [...state.lines];
  for (const entry of entries) {
    const index = lineIndex(lines, entry.lineNo);
    const line = lines[index];
    if (!line) throw new InconsistentStream(`Order ${state.orderNo} has no line ${entry.lineNo}`);
    lines[index] = change(line, entry);
  }
  return { ...state, lines };
}

const byLineNo = (a: OrderLineState, b: OrderLineState): number => a.lineNo - b.lineNo;

const shipped: Evolution<'LinesShipped'> = (state, { orderNo: _, lines, ...shipment }, { occurredAt }) => {
  const record: Shipment = {
    ...shipment,
    shippedAt: occurredAt,
    lines: lines.map(({ lineNo, qty, scheduleLines }) => ({
      lineNo,
      qty: qty.value,
      delivered: '0',
      scheduleLines: scheduleLines.map((part) => ({
        scheduleId: part.scheduleId,
        qty: part.qty.value,
        delivered: '0',
      })),
    })),
  };
  const after = eachLine(state, lines, (line, entry) => withShipped(line, entry.qty.value, plain(entry.scheduleLines)));
  return { ...after, shipments: [...state.shipments, record] };
};

const delivered: Evolution<'LinesDelivered'> = (state, { shipmentId, lines }) => {
  const byLine = new Map(lines.map((line) => [line.lineNo, line]));
  const shipments = state.shipments.map((shipment) =>
    shipment.shipmentId === shipmentId ? arrived(shipment, byLine) : shipment,
  );
  const after = eachLine(state, lines, (line, entry) =>
    withDelivered(line, entry.qty.value, plain(entry.scheduleLines)),
  );
  return { ...after, shipments };
};

function arrived(
  shipment: Shipment,
  byLine: ReadonlyMap<number, Fact<'LinesDelivered'>['data']['lines'][number]>,
): Shipment {
  const lines = shipment.lines.map((line) => {
    const entry = byLine.get(line.lineNo);
    if (!entry) return line;
    const parts = new Map(entry.scheduleLines.map((part) => [part.scheduleId, part.qty.value]));
    return {
      ...line,
      delivered: add(line.delivered, entry.qty.value),
      scheduleLines: line.scheduleLines.map((part) => ({
        ...part,
        delivered: add(part.delivered, parts.get(part.scheduleId) ?? '0'),
      })),
    };
  });
  return { ...shipment, lines };
}

type RecordedPart = { readonly scheduleId: string; readonly qty: { readonly value: string } };

/** Quantities of a line are all in its unit: inside the state the number is enough. */
const plain = (parts: readonly RecordedPart[]) => parts.map(({ scheduleId, qty }) => ({ scheduleId, qty: qty.value }));

const ended =
  (commercial: 'rejected' | 'cancelled' | 'closed') => (state: OrderState, _: unknown, times: FactTimes) => ({
    ...state,
    commercial,
    endedAt: times.occurredAt,
  });

const evolutions: { readonly [Name in OrderFact['type']]: Evolution<Name> } = {
  OrderStarted: (state, { tolerances, ...data }, { occurredAt }) => ({
    ...state,
    ...data,
    tolerances: tolerances ?? state.tolerances,
    commercial: 'draft',
    startedAt: occurredAt,
  }),
  OrderLinesAdded: (state, { lines }) => ({
    ...state,
    lines: [...state.lines, ...lines.map(addedLine)].sort(byLineNo),
  }),
  OrderSubmitted: (state, _, { occurredAt }) => ({ ...state, commercial: 'submitted', submittedAt: occurredAt }),
  OrderAccepted: (state, _, { occurredAt }) => ({ ...state, commercial: 'accepted', acceptedAt: occurredAt }),
  OrderRejected: ended('rejected'),
  HoldPlaced: (state, { orderNo: _, ...hold }, { occurredAt }) => ({
    ...state,
    holds: [...state.holds, { ...hold, placedAt: occurredAt }],
  }),
  HoldReleased: (state, { holdId }) => ({ ...state, holds: state.holds.filter((hold) => hold.holdId !== holdId) }),
  OrderLinesChanged: (state, { lines }) =>
    eachLine(state, lines, (line, { added, requestedDate }) => ({
      ...line,
      ledger: added ? post.order(line.ledger, added.value) : line.ledger,
      ...(requestedDate === undefined ? {} : { requestedDate }),
    })),
  QuantityCancelled: (state, { lines }) =>
    eachLine(state, lines, (line, entry) => withCancelled(line, entry.qty.value, plain(entry.released))),
  OrderCancelled: ended('cancelled'),
  PromiseCommitted: (state, { lines }) =>
    eachLine(state, lines, (line, { scheduleLines }) =>
      withPromised(
        line,
        scheduleLines.map((s) => ({ scheduleId: s.scheduleId, qty: s.qty.value, promise: s.promise })),
      ),
    ),
  PromiseRevised: (state, { initiator, customerAgreed, scheduleLines }) =>
    eachLine(state, scheduleLines, (line, { scheduleId, to }) =>
      withRevised(line, scheduleId, to, customerAgreed || initiator === 'customer'),
    ),
  LinesShipped: shipped,
  LinesDelivered: delivered,
  DeliveryErrorRecorded: (state, { orderNo: _, ...error }, { occurredAt }) => ({
    ...state,
    deliveryErrors: [...state.deliveryErrors, { ...error, occurredAt }],
  }),
  OrderClosed: ended('closed'),
  OrderReopened: ({ endedAt: _, ...state }) => ({ ...state, commercial: 'accepted' }),
};

/** The order after the fact. Total over the facts of an order; any other type throws, as does a fact that names what is not there. */
export function evolve(state: OrderState, fact: OrderFact, times: FactTimes): OrderState {
  const evolution = evolutions[fact.type] as Evolution<OrderFact['type']> | undefined;
  if (!evolution) throw new InconsistentStream(`${(fact as { type: string }).type} is not a fact of an order`);
  return evolution(state, fact.data as never, times);
}
