import type { Column } from '../table.ts';
import { isNull } from './extract.ts';

/** Gives the text of a row's cell. */
export type CellText = (row: number) => string;

/** How a format writes text and what it puts where there is no value. */
export interface CellFormat {
  readonly empty: string;
  readonly text: (value: string) => string;
  /** Instants and days: without characters that any format would have to escape. */
  readonly time: (value: string) => string;
}

/** RFC 3339 in UTC, with milliseconds. */
export const instantText = (epochMs: number): string => new Date(epochMs).toISOString();

/** YYYY-MM-DD. */
export const dayText = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

/** Words, days and their texts are made once each: they repeat. */
export function cellTexts(column: Column, format: CellFormat): CellText {
  const of = valueText(column, format);
  return (row) => (isNull(column, row) ? format.empty : of(row));
}

function valueText(column: Column, { text, time }: CellFormat): CellText {
  switch (column.kind) {
    case 'instant':
      return (row) => time(instantText(column.values[row] ?? 0));
    case 'day':
      return repeated((row) => column.values[row] ?? 0, dayText, time);
    case 'number':
    case 'count':
      return (row) => String(column.values[row]);
    case 'flag':
      return (row) => (column.values[row] === 1 ? 'true' : 'false');
    case 'word':
      return repeated(
        (row) => column.values[row] ?? 0,
        (code) => column.words[code] ?? '',
        text,
      );
    case 'text':
      return (row) => text(column.values[row] ?? '');
  }
}

function repeated(
  codeAt: (row: number) => number,
  wordOf: (code: number) => string,
  write: (word: string) => string,
): CellText {
  const known = new Map<number, string>();
  return (row) => {
    const code = codeAt(row);
    let text = known.get(code);
    if (text === undefined) {
      text = write(wordOf(code));
      known.set(code, text);
    }
    return text;
  };
}
