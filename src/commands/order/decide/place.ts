import type { OrderFact, OrderLine } from '../../../events/catalog/index.ts';
import { canonical, isNegative } from '../../../values/decimal.ts';
import { currencyProblem, dateProblem, isRefused, pastInstant, zoneProblem } from '../../checks.ts';
import { accept, type Decision, type DecisionContext, type Refused, refuse } from '../../decider.ts';
import type { OrderCommand } from '../commands.ts';
import { quantityOf } from './checks.ts';

type Place = Extract<OrderCommand, { kind: 'place' }>;
type RequestedLine = Place['body']['lines'][number];

/** A stream of a large order stays short: 1,000 lines are 5 events. */
const linesPerEvent = 200;
const mostLines = 5_000;
const highestLineNo = 99_999;

/** Opens, fills and submits an order in one decision. */
export function place({ body, placement }: Place, context: DecisionContext): Decision<OrderFact> {
  const { orderId, orderNo, customer } = placement;
  if (!customer || customer.customerId !== body.customerId)
    return refuse('customer-unknown', `Customer ${body.customerId} is not registered`, '/customerId');
  const { lines: requested, shipTo = shipToOf(customer), tolerances = customer.tolerances, ...head } = body;
  const problem =
    currencyProblem(body.currency, '/currency') ??
    zoneProblem(shipTo.zone, '/shipTo/zone') ??
    contactProblem(body.shipTo?.contactId, placement, '/shipTo/contactId');
  if (problem) return problem;
  const lines = newLines(requested, { currency: body.currency, taken: [], place: '/lines', context });
  if (isRefused(lines)) return lines;
  return accept(
    { type: 'OrderStarted', data: { orderId, orderNo, ...head, shipTo, ...(tolerances && { tolerances }) } },
    ...linesAdded(orderNo, lines),
    { type: 'OrderSubmitted', data: { orderNo, lineCount: lines.length } },
  );
}

function contactProblem(
  contactId: string | undefined,
  { contact, customer }: Place['placement'],
  place: string,
): Refused | undefined {
  if (contactId === undefined) return undefined;
  if (!contact) return refuse('contact-not-there', `There is no contact ${contactId}`, place);
  if (contact.customerId !== customer?.customerId)
    return refuse('contact-of-another', `The contact ${contactId} is not one of this customer`, place);
  return contact.removed ? refuse('contact-removed', `The contact ${contactId} was removed`, place) : undefined;
}

const shipToOf = ({ zone, country }: { readonly zone: string; readonly country?: string }) =>
  country === undefined ? { zone } : { zone, country };

export interface LineRules {
  readonly currency: string;
  /** Line numbers in use. */
  readonly taken: readonly number[];
  /** JSON pointer of the list in the command. */
  readonly place: string;
  readonly context: DecisionContext;
}

/** The lines as they will be recorded. Lines without a number are counted on after the highest one. */
export function newLines(requested: readonly RequestedLine[], rules: LineRules): OrderLine[] | Refused {
  const numbers = new Set(rules.taken);
  if (numbers.size + requested.length > mostLines)
    return refuse('too-many-lines', `An order has at most ${mostLines} lines`, rules.place);
  for (const [index, { lineNo }] of requested.entries()) {
    if (lineNo === undefined) continue;
    if (numbers.has(lineNo))
      return refuse('duplicate-line-number', `Line number ${lineNo} is used twice`, `${rules.place}/${index}/lineNo`);
    numbers.add(lineNo);
  }
  let last = Math.max(0, ...numbers);
  const lines: OrderLine[] = [];
  for (const [index, line] of requested.entries()) {
    const place = `${rules.place}/${index}`;
    const lineNo = line.lineNo ?? ++last;
    if (lineNo > highestLineNo)
      return refuse('too-many-lines', `Line numbers end at ${highestLineNo}; give lower ones`, place);
    const checked = newLine({ ...line, lineNo }, place, rules);
    if (isRefused(checked)) return checked;
    lines.push(checked);
  }
  return lines;
}

function newLine(line: RequestedLine & { lineNo: number }, place: string, rules: LineRules): OrderLine | Refused {
  const qty = quantityOf(line.qty, line.qty.uom, `${place}/qty`);
  if (isRefused(qty)) return qty;
  const problem =
    (line.requestedDate === undefined ? undefined : dateProblem(line.requestedDate, `${place}/requestedDate`)) ??
    priceProblem(line.unitPrice, rules.currency, `${place}/unitPrice`);
  if (problem) return problem;
  const { now, occurredAt } = rules.context;
  const orderedAt = line.orderedAt ? pastInstant(line.orderedAt, now, `${place}/orderedAt`) : line.orderedAt;
  if (isRefused(orderedAt)) return orderedAt;
  const quotedAt = line.quotedAt && pastInstant(line.quotedAt, now, `${place}/quotedAt`);
  if (isRefused(quotedAt)) return quotedAt;
  return {
    ...line,
    qty: { value: qty, uom: line.qty.uom },
    orderedAt: orderedAt === undefined ? occurredAt : orderedAt,
    ...(line.unitPrice && { unitPrice: { ...line.unitPrice, amount: canonical(line.unitPrice.amount) } }),
    ...(quotedAt && { quotedAt }),
  };
}

function priceProblem(price: OrderLine['unitPrice'], currency: string, place: string): Refused | undefined {
  if (price === undefined) return undefined;
  if (price.currency !== currency)
    return refuse(
      'currency-mismatch',
      `The order is in ${currency}, the price in ${price.currency}`,
      `${place}/currency`,
    );
  if (isNegative(price.amount))
    return refuse('price-negative', `The price ${price.amount} is negative; give zero or more`, `${place}/amount`);
  return undefined;
}

/** Any number of lines in as few facts as the catalogue allows. */
export function linesAdded(orderNo: string, lines: readonly OrderLine[]): OrderFact[] {
  const facts: OrderFact[] = [];
  for (let from = 0; from < lines.length; from += linesPerEvent) {
    facts.push({ type: 'OrderLinesAdded', data: { orderNo, lines: lines.slice(from, from + linesPerEvent) } });
  }
  return facts;
}
