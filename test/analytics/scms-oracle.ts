import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';

/** What the raw file of the SCMS delivery history says, counted without any part of the product. */

export interface Delivery {
  readonly order: string;
  readonly shipment: string;
  readonly groups: Readonly<Record<string, string>>;
  readonly onTime: boolean;
  /** Days by name of the KPI; a KPI that the line has no dates for is missing. */
  readonly days: Readonly<Record<string, number | undefined>>;
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayMs = 86_400_000;

/** Days since 1970 of `2-Jun-06` or `11/13/06`; undefined for the words that stand where dates are missing. */
function dayOf(text: string): number | undefined {
  const [, day, name = '', year] = /^(\d+)-([A-Za-z]{3})-(\d\d)$/.exec(text) ?? [];
  if (day) return Date.UTC(2000 + Number(year), months.indexOf(name.toUpperCase()), Number(day)) / dayMs;
  const [, m, d, y] = /^(\d+)\/(\d+)\/(\d\d)$/.exec(text) ?? [];
  return m ? Date.UTC(2000 + Number(y), Number(m) - 1, Number(d)) / dayMs : undefined;
}

const between = (from: number | undefined, to: number): number | undefined => (from === undefined ? from : to - from);

export async function scmsDeliveries(file: string): Promise<readonly Delivery[]> {
  const rows = parse(await readFile(file), { bom: true, columns: true, record_delimiter: '\r' }) as Record<
    string,
    string
  >[];
  return rows.map((row) => {
    const cell = (name: string): string => row[name] ?? '';
    const delivered = dayOf(cell('Delivered to Client Date')) as number;
    const late = delivered - (dayOf(cell('Scheduled Delivery Date')) as number);
    return {
      order: cell('PO / SO #'),
      shipment: cell('ASN/DN #'),
      groups: {
        month: new Date(delivered * dayMs).toISOString().slice(0, 7),
        country: cell('Country'),
        vendor: cell('Vendor'),
        route: cell('Fulfill Via'),
        mode: cell('Shipment Mode') === 'N/A' ? 'unknown' : cell('Shipment Mode'),
      },
      onTime: late <= 0,
      days: {
        lateness: late > 0 ? late : undefined,
        order_cycle_time: between(dayOf(cell('PO Sent to Vendor Date')), delivered),
        quote_to_delivery_time: between(dayOf(cell('PQ First Sent to Client Date')), delivered),
      },
    };
  });
}

/** A line of an answer: the group ('' for the whole) and its figures, rounded to six decimals. */
export type Figures = readonly [string, ...(number | null)[]];

export const rounded = (
  group: string | null | undefined,
  ...figures: (number | string | null | undefined)[]
): Figures => [
  group ?? '',
  ...figures.map((figure) => (figure === null || figure === undefined ? null : Number(Number(figure).toFixed(6)))),
];

export const inOrder = (answer: readonly Figures[]): readonly Figures[] =>
  [...answer].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}

const groupOf =
  (group: string | undefined) =>
  ({ groups }: Delivery): string =>
    group === undefined ? '' : (groups[group] ?? '');

/** On time, of how many, percent. An order or a shipment is on time if each of its lines is. */
export function onTimeOf(lines: readonly Delivery[], grain: string, group?: string): readonly Figures[] {
  const unit = { line: undefined, order: 'order', shipment: 'shipment' }[grain] as 'order' | 'shipment' | undefined;
  return inOrder(
    [...grouped(lines, groupOf(group))].map(([name, members]) => {
      const units = unit ? [...grouped(members, (line) => line[unit]).values()] : members.map((line) => [line]);
      const good = units.filter((parts) => parts.every(({ onTime }) => onTime)).length;
      return rounded(name, good, units.length, (100 * good) / units.length);
    }),
  );
}

/** How many, mean, median, p90, p95 and the longest, days; percentiles interpolated. */
export function daysOf(lines: readonly Delivery[], kpi: string, group?: string): readonly Figures[] {
  const measured = lines.filter(({ days }) => days[kpi] !== undefined);
  return inOrder(
    [...grouped(measured, groupOf(group))].map(([name, members]) => {
      const days = members.map((line) => line.days[kpi] as number).sort((a, b) => a - b);
      const at = (p: number): number => {
        const place = p * (days.length - 1);
        const low = days[Math.floor(place)] as number;
        return low + (place % 1) * ((days[Math.ceil(place)] as number) - low);
      };
      const mean = days.reduce((sum, day) => sum + day, 0) / days.length;
      return rounded(name, days.length, mean, at(0.5), at(0.9), at(0.95), days.at(-1));
    }),
  );
}
