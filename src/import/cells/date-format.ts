import { type Instant, isLocalDate, type LocalDate, type LocalTime, parseInstant } from '../../values/dates.ts';
import { InvalidValue } from '../../values/refusal.ts';

/** A date as it stands in a cell: a calendar date, a local time, or (with an offset) an instant. */
export interface WrittenDate {
  readonly date: LocalDate;
  readonly time?: LocalTime;
  /** Set when the cell itself says which instant it is. */
  readonly instant?: Instant;
}

/** Reads a cell, or returns undefined when the cell does not have this format or names no real date. */
export type DateFormat = (cell: string) => WrittenDate | undefined;

/** A piece of a format: the pattern it reads and what it adds to the date. */
interface Token {
  readonly pattern: string;
  readonly fields: (text: string, pivot: number) => Fields;
}

interface Fields {
  year?: number;
  month?: number;
  day?: number;
  hour?: number;
  minute?: number;
  second?: number;
  afternoon?: boolean;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const longMonths = 'January|February|March|April|May|June|July|August|September|October|November|December';

const monthNamed = (text: string): Fields => ({ month: months.indexOf(text.slice(0, 3).toLowerCase()) + 1 });
const number = (field: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', digits: string): Token => ({
  pattern: `\\d{${digits}}`,
  fields: (text) => ({ [field]: Number(text) }),
});

const tokens: Readonly<Record<string, Token>> = {
  YYYY: number('year', '4'),
  YY: {
    pattern: '\\d{2}',
    fields: (text, pivot) => ({ year: Number(text) + (Number(text) < pivot ? 2000 : 1900) }),
  },
  MMMM: { pattern: longMonths, fields: monthNamed },
  MMM: { pattern: 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec', fields: monthNamed },
  MM: number('month', '2'),
  M: number('month', '1,2'),
  DD: number('day', '2'),
  D: number('day', '1,2'),
  HH: number('hour', '2'),
  H: number('hour', '1,2'),
  hh: number('hour', '2'),
  h: number('hour', '1,2'),
  mm: number('minute', '2'),
  ss: number('second', '2'),
  SSS: { pattern: '\\d{1,9}', fields: () => ({}) },
  A: { pattern: '[AaPp][Mm]', fields: (text) => ({ afternoon: /^p/i.test(text) }) },
};
const tokenPattern = /YYYY|YY|MMMM|MMM|MM|M|DD|D|HH|H|hh|h|mm|ss|SSS|A/g;

/**
 * Compiles a format like `D-MMM-YY`, `M/D/YYYY H:mm` or `iso` (ISO 8601 dates, local times and instants).
 * Years of two digits below `pivot` are 20xx, the others 19xx. Month names are English, in any case.
 * Returns undefined when the format names no day, month and year.
 */
export function compileDateFormat(format: string, pivot: number): DateFormat | undefined {
  if (format === 'iso') return isoDate;
  const found = format.match(tokenPattern) ?? [];
  const letters = found.map((token) => token[0]);
  if (!['Y', 'M', 'D'].every((letter) => letters.filter((other) => other === letter).length === 1)) return undefined;
  const literals = format.split(tokenPattern).map((text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  const parts = found.map((token) => tokens[token]).filter((token) => token !== undefined);
  const pattern = parts.reduce((text, token, index) => `${text}(${token.pattern})${literals[index + 1]}`, literals[0]);
  const expression = new RegExp(`^${pattern}$`, 'i');
  return (cell) => {
    const match = expression.exec(cell);
    if (!match) return undefined;
    return written(Object.assign({}, ...parts.map((token, index) => token.fields(match[index + 1] ?? '', pivot))));
  };
}

function written({ year, month, day, hour, minute, second, afternoon }: Fields): WrittenDate | undefined {
  const date = `${digits(year, 4)}-${digits(month)}-${digits(day)}`;
  if (!isLocalDate(date)) return undefined;
  if (hour === undefined) return { date };
  if (afternoon !== undefined && (hour < 1 || hour > 12)) return undefined;
  const hour24 = afternoon === undefined ? hour : (hour % 12) + (afternoon ? 12 : 0);
  if (hour24 > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59) return undefined;
  return { date, time: `${digits(hour24)}:${digits(minute)}:${digits(second)}` };
}

const digits = (number = 0, width = 2): string => String(number).padStart(width, '0');

const isoForm = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?([.,]\d{1,9})?(Z|[+-]\d{2}:?\d{2})?)?$/i;

function isoDate(cell: string): WrittenDate | undefined {
  const [, date = '', minutes, seconds = ':00', fraction = '', offset] = isoForm.exec(cell) ?? [];
  if (!isLocalDate(date)) return undefined;
  if (minutes === undefined) return { date };
  const full = offset?.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2') ?? 'Z';
  const instant = instantOrUndefined(`${date}T${minutes}${seconds}${fraction.replace(',', '.')}${full}`);
  if (instant === undefined) return undefined;
  return offset === undefined ? { date, time: `${minutes}${seconds}` } : { date, instant };
}

/** A time that does not exist means that the cell does not have this format. */
function instantOrUndefined(text: string): Instant | undefined {
  try {
    return parseInstant(text);
  } catch (error) {
    if (error instanceof InvalidValue) return undefined;
    throw error;
  }
}
