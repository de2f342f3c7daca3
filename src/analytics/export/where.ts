import { isLocalDate, parseInstant } from '../../values/dates.ts';
import { InvalidValue, shown } from '../../values/refusal.ts';
import type { Column, Table } from '../table.ts';
import { isNull } from './extract.ts';

/**
 * Conditions on rows, all of which must hold: `column:value`, `column:one,other` (any of them), `column:from..to` (both
 * inclusive, either may be left out) and `column:` (no value). A comma, a backslash or two dots within a value are written
 * with a backslash before them. Days are YYYY-MM-DD, instants RFC 3339, flags true or false.
 */
export interface Condition {
  /** Name of the column that it looks at. */
  readonly column: string;
  readonly holds: (column: Column, row: number) => boolean;
}

type Test = Condition['holds'];

/** Conditions on tables that have the columns of this one. Throws InvalidValue unknown-column, invalid-condition. */
export const conditionsOf = (header: Table, texts: readonly string[]): readonly Condition[] =>
  texts.map((text) => conditionOf(header, text));

/** Row numbers of the table for which every condition holds. */
export function rowsThat(conditions: readonly Condition[], table: Table): Int32Array {
  const tests = conditions.map(({ column, holds }) => ({ column: columnNamed(table, column, '?/where'), holds }));
  const rows = new Int32Array(table.rows);
  let count = 0;
  for (let row = 0; row < table.rows; row += 1) {
    if (!tests.every(({ column, holds }) => holds(column, row))) continue;
    rows[count] = row;
    count += 1;
  }
  return rows.subarray(0, count);
}

export function columnNamed(table: Table, name: string, place: string): Column {
  const column = table.columns.find((one) => one.name === name);
  if (column) return column;
  const names = table.columns.map((one) => one.name).join(', ');
  throw new InvalidValue('unknown-column', `There is no column ${shown(name)}; there are ${names}`, place);
}

function conditionOf(header: Table, condition: string): Condition {
  const colon = condition.indexOf(':');
  if (colon < 1) throw refused(condition, 'expected column:value');
  const column = columnNamed(header, condition.slice(0, colon), '?/where');
  const alternatives = parts(condition.slice(colon + 1), ',').map((text) => alternativeOf(column, text));
  return { column: column.name, holds: (values, row) => alternatives.some((test) => test(values, row)) };
}

function alternativeOf(column: Column, text: string): Test {
  if (text === '') return isNull;
  const bounds = parts(text, '..');
  if (bounds.length > 2) throw refused(text, 'a range has two ends');
  if (column.kind === 'word' || column.kind === 'text') return textTest(column, bounds);
  const [from, to] = bounds.length === 1 ? [bounds[0], bounds[0]] : bounds;
  const low = from === '' || from === undefined ? -Infinity : numberOf(column, from);
  const high = to === '' || to === undefined ? Infinity : numberOf(column, to);
  return (shown, row) => {
    const value = shown.values[row];
    return typeof value === 'number' && value >= low && value <= high && !isNull(shown, row);
  };
}

function textTest(column: Column & { kind: 'word' | 'text' }, bounds: readonly string[]): Test {
  const [wanted = '', end] = bounds.map((bound) => bound.replace(/\\([\\,.])/g, '$1'));
  if (end !== undefined) throw refused(`${wanted}..${end}`, `${column.name} holds words, which have no ranges`);
  if (column.kind === 'text') return (shown, row) => shown.values[row] === wanted;
  const code = column.words.indexOf(wanted);
  return code < 0 ? () => false : (shown, row) => shown.values[row] === code;
}

function numberOf(column: Column, text: string): number {
  switch (column.kind) {
    case 'day':
      if (isLocalDate(text)) return Date.parse(text) / 86_400_000;
      throw refused(text, `${column.name} holds days, YYYY-MM-DD`);
    case 'instant':
      try {
        return Date.parse(parseInstant(text));
      } catch {
        throw refused(text, `${column.name} holds instants, e.g. 2026-03-01T08:30:00Z`);
      }
    case 'flag':
      if (text === 'true' || text === 'false') return text === 'true' ? 1 : 0;
      throw refused(text, `${column.name} is true or false`);
    default:
      if (/^-?\d{1,15}(?:\.\d{1,8})?$/.test(text)) return Number(text);
      throw refused(text, `${column.name} holds numbers`);
  }
}

/** Splits where the separator is not behind a backslash. */
function parts(text: string, separator: string): string[] {
  const found: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text.startsWith(separator, at)) {
      found.push(text.slice(start, at));
      at += separator.length - 1;
      start = at + 1;
    }
  }
  return [...found, text.slice(start)];
}

const refused = (text: string, why: string): InvalidValue =>
  new InvalidValue('invalid-condition', `The condition ${shown(text)} cannot be used: ${why}`, '?/where');

/** The value, such that a condition takes it literally. */
export const literal = (value: string): string =>
  value.replace(/\\/g, '\\\\').replace(/,/g, '\\,').replace(/\.\./g, '\\..');
