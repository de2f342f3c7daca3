import type { Queryable } from '../../database/database.ts';
import { InvalidValue, shown } from '../../values/refusal.ts';
import type { Grain } from './catalogue.ts';

/** Time buckets, and the format of each. The date is that of delivery, or of the target: see `KpiAnswer.by`. */
export const periods: Readonly<Record<string, string>> = {
  day: 'YYYY-MM-DD',
  week: 'IYYY-"W"IW',
  month: 'YYYY-MM',
  quarter: 'YYYY-"Q"Q',
  year: 'YYYY',
};

const ofOrder: Readonly<Record<string, string>> = {
  customer: 'o.customer_id',
  country: 'o.country',
  channel: 'o.channel',
  currency: 'o.currency',
  incoterm: 'o.incoterm',
};
const ofLine: Readonly<Record<string, string>> = { sku: 'l.sku', mode: 'l.mode' };

/** A free dimension may have any name, `constructor` too. */
export const isPeriod = (name: string): boolean => Object.hasOwn(periods, name);
const named = (columns: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(columns, name) ? columns[name] : undefined;

export const builtIn: readonly string[] = [...Object.keys(ofOrder), ...Object.keys(ofLine)];

const freeName = /^[a-z][a-z0-9_]{0,39}$/;

/**
 * SQL of a dimension at a grain. A dimension of lines is shown for an order (or shipment) where all its lines agree, and is
 * null where they do not. A free dimension may stand on the line or on the order; the line's own comes first. Who gives a
 * free dimension the name of a built-in one means the free one.
 */
export function dimensionSql(name: string, grain: Grain): string {
  const own = named(ofOrder, name);
  const atLine = grain === 'line' || grain === 'schedule-line';
  // Free dimensions have safe names: `checkDimensions` refuses any other.
  const free = (alias: string): string => `${alias}.dimensions ->> '${name}'`;
  const line = named(ofLine, name);
  if (atLine) return `coalesce(${[free('l'), line, free('o'), own].filter(Boolean).join(', ')})`;
  const value = line ? `coalesce(${free('l')}, ${line})` : free('l');
  const agreed = `(select case when min(${value}) = max(${value}) and count(*) = count(${value}) then min(${value}) end
                   from kpi_lines l where l.order_id = o.order_id)`;
  // Last, because it is looked up per order: it counts where the order itself names none.
  if (own) return `coalesce(${free('o')}, ${own}, ${agreed})`;
  const direct = grain === 'shipment' && name === 'mode' ? ['u.mode'] : [];
  return `coalesce(${[...direct, agreed, free('o')].join(', ')})`;
}

/** Throws InvalidValue `unknown-dimension` with the names that there are. */
export async function checkDimensions(database: Queryable, names: readonly string[]): Promise<void> {
  for (const name of names) {
    if (isPeriod(name) || builtIn.includes(name)) continue;
    if (freeName.test(name) && (await isFree(database, name))) continue;
    const known = [...Object.keys(periods), ...builtIn, ...(await freeDimensions(database))];
    throw new InvalidValue(
      'unknown-dimension',
      `There is no dimension ${shown(name)}; there are ${known.join(', ')}`,
      name,
    );
  }
}

async function isFree(database: Queryable, name: string): Promise<boolean> {
  const [row] = await database.query<{ found: boolean }>({
    text: `select exists (select from kpi_lines where jsonb_exists(dimensions, $1))
               or exists (select from kpi_orders where jsonb_exists(dimensions, $1)) as found`,
    values: [name],
  });
  return row?.found === true;
}

async function freeDimensions(database: Queryable): Promise<string[]> {
  const rows = await database.query<{ name: string }>({
    text: `select distinct jsonb_object_keys(dimensions) as name from kpi_lines
           union select distinct jsonb_object_keys(dimensions) from kpi_orders order by name`,
  });
  return rows.map((row) => row.name);
}
