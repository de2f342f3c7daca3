import type { Dictionary } from '../dictionary.ts';
import type { FoldedFacts } from '../facts.ts';

/** Dictionaries of free dimensions are numbered from here on, those of orders even, those of lines odd. */
const firstOfDimensions = 1_000;

/** Dictionaries by number. Numbers are kept in files: new ones go to the end. */
export const dictionariesOf = ({ orders, lines, schedule, shipments, holds }: FoldedFacts): readonly Dictionary[] => [
  orders.columns.customer.dictionary,
  orders.columns.country.dictionary,
  orders.columns.channel.dictionary,
  orders.columns.currency.dictionary,
  orders.columns.incoterm.dictionary,
  orders.columns.shipToZone.dictionary,
  orders.dimensionNames,
  lines.columns.sku.dictionary,
  lines.columns.uom.dictionary,
  lines.dimensionNames,
  schedule.columns.scheduleId.dictionary,
  schedule.columns.zone.dictionary,
  shipments.columns.shipment.dictionary,
  shipments.columns.mode.dictionary,
  shipments.columns.carrier.dictionary,
  holds.columns.hold.dictionary,
  holds.columns.holdType.dictionary,
];

export const numberOf = ({ dictionaries }: FoldedFacts, dictionary: Dictionary): number =>
  dictionaries.indexOf(dictionary);

export const numberOfDimension = (table: 'orders' | 'lines', at: number): number =>
  firstOfDimensions + 2 * at + (table === 'lines' ? 1 : 0);

export function dictionaryAt(facts: FoldedFacts, number: number): Dictionary {
  if (number < firstOfDimensions) return facts.dictionaries[number] as Dictionary;
  const rows = number % 2 === 0 ? facts.orders : facts.lines;
  rows.nameDimensions();
  return rows.dimension((number - firstOfDimensions) >> 1).dictionary;
}
