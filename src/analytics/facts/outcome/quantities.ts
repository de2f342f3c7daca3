import { nullDay } from '../../table.ts';
import { isPositive, lesser, makesUp, minus, toUnits } from '../exact.ts';
import type { FoldedFacts } from '../facts.ts';
import { request, ship, valuesOf } from './targets.ts';

/** How much of a line was filled at the first attempt, in the end, and is still open. */
export function settleQuantities({ orders, lines }: FoldedFacts, order: number, line: number): void {
  const { columns } = lines;
  const asked = minus(columns.ordered.at(line), columns.cancelledByCustomer.at(line));
  const first = lesser(columns.firstAttempt.at(line), asked);
  const net = minus(asked, columns.cancelledBySupplier.at(line));
  const ended = (orders.columns.ending.values[order] as number) >= 0;
  const counted = columns.counted.values[line] === 1;
  const under = orders.columns.under.values[order] as number;
  const rest = minus(net, columns.shipped.at(line));
  const missing = isPositive(rest) && !makesUp(columns.shipped.at(line), net, under);
  const open = counted && !ended && missing ? toUnits(rest) : 0;
  const price = columns.unitPrice.values[line] as number;
  columns.wantedQty.values[line] = toUnits(asked);
  columns.filledFirst.values[line] = toUnits(first);
  columns.filled.values[line] = toUnits(lesser(columns.shipped.at(line), asked));
  columns.openQty.values[line] = open;
  columns.wantedValue.values[line] = toUnits(asked) * price;
  columns.filledFirstValue.values[line] = toUnits(first) * price;
  columns.openValue.values[line] = open * price;
  columns.open.values[line] = Number(counted && !ended && Number.isNaN(columns.completedAt.values[line]));
  columns.shortFirst.values[line] = isPositive(columns.firstAttempt.at(line))
    ? Number(!makesUp(columns.firstAttempt.at(line), asked, under))
    : 2;
  const planned = valuesOf(columns.target, ship)[line] as number;
  const due = planned === nullDay ? (valuesOf(columns.target, request)[line] as number) : planned;
  columns.backorderedSince.values[line] = open > 0 ? due : nullDay;
}
