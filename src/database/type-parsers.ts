import pg from 'pg';

const { builtins, getTypeParser } = pg.types;
const asText = (value: string): string => value;

/** Reads '2026-03-01 07:05:03.123456+02' (any offset PostgreSQL prints) as RFC 3339 in UTC with milliseconds. */
export function instantFromPostgres(text: string): string {
  const match = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)([+-]\d\d)(:\d\d)?$/.exec(text);
  if (!match) throw new RangeError(`PostgreSQL returned an instant outside of the supported range: ${text}`);
  const [, date, time, hours, minutes = ':00'] = match;
  return new Date(`${date}T${time}${hours}${minutes}`).toISOString();
}

const parsers = new Map<number, (value: string) => unknown>([
  [builtins.INT8, asText],
  [builtins.NUMERIC, asText],
  [builtins.DATE, asText],
  [builtins.TIMESTAMP, asText],
  [builtins.JSON, asText],
  [builtins.JSONB, asText],
  [builtins.TIMESTAMPTZ, instantFromPostgres],
]);

/** The types of one pool. Never registered globally: another user of pg in the same process keeps its own. */
export const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : parsers.get(oid)) ?? getTypeParser(oid, format ?? 'text'),
};
