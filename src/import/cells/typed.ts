import { Big } from 'big.js';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Code, Currency, LineNo, Text, Uom } from '../../events/catalog/terms.ts';
import { shown } from '../../values/refusal.ts';
import type { Cell } from '../mapping/schema.ts';
import { bindCell, type CellContext, type CellReader, type Wrong } from './cell.ts';
import type { JoinedRow } from './columns.ts';
import { decimalOf, type NumberFormat } from './decimal.ts';
import { isZone } from './moment.ts';

/** Reads a cell and checks it. Null: not known; a wrong cell is noted and read as null. */
export type Read<T> = (row: JoinedRow, wrong: Wrong) => T | null;

interface Kind {
  readonly code: string;
  readonly wanted: string;
  readonly fits: (text: string) => boolean;
}

const fitting = (schema: TSchema): ((text: string) => boolean) => {
  const validator = Compile(schema);
  return (text) => validator.Check(text);
};
const lineNo = Compile(LineNo);
const orderNo = /^[^\p{Cc}\p{Cs}\s](?:[^\p{Cc}\p{Cs}]{0,22}[^\p{Cc}\p{Cs}\s])?$/u;
const words = /^(?:[^\p{Cc}\p{Cs}]|[\t\n\r])*$/u;

export const isOrderNumber = (text: string): boolean => text.length <= 24 && orderNo.test(text);

export const kinds = {
  code: { code: 'not-a-code', wanted: 'up to 120 characters without line breaks', fits: fitting(Code) },
  text: { code: 'text-too-long', wanted: 'up to 500 characters of text', fits: fitting(Text) },
  country: {
    code: 'text-too-long',
    wanted: 'up to 80 characters of text',
    fits: (text) => text.length <= 80 && words.test(text),
  },
  dimension: {
    code: 'text-too-long',
    wanted: 'up to 200 characters of text',
    fits: (text) => text.length <= 200 && words.test(text),
  },
  currency: { code: 'not-a-currency', wanted: 'an ISO 4217 code, e.g. EUR', fits: fitting(Currency) },
  unit: { code: 'not-a-unit', wanted: 'a UN/ECE Rec 20 unit code, e.g. C62', fits: fitting(Uom) },
  zone: { code: 'not-a-zone', wanted: 'an IANA time zone, e.g. Europe/Berlin', fits: isZone },
  orderNumber: {
    code: 'not-an-order-number',
    wanted: 'up to 24 characters without line breaks',
    fits: isOrderNumber,
  },
  initiator: {
    code: 'not-an-initiator',
    wanted: 'customer or supplier (see words)',
    fits: (text) => text === 'customer' || text === 'supplier',
  },
} satisfies Record<string, Kind>;

export function readKind(cell: CellReader, { code, wanted, fits }: Kind): Read<string> {
  return (row, wrong) => {
    const text = cell.read(row);
    if (text === null || fits(text)) return text;
    wrong({ code, column: cell.column, reason: `${shown(text)} is not ${wanted}` });
    return null;
  };
}

const noWords = new Set(['0', 'no', 'n', 'false', 'none']);
const nothing = (): null => null;

/** The readers of one mapping: `optional` cells may be absent from the mapping, `required` ones may not be null. */
export function typedReaders(context: CellContext, numbers: NumberFormat) {
  const optional = (kind: Kind, cell: Cell | undefined, pointer: string): Read<string> =>
    cell === undefined ? nothing : readKind(bindCell(context, cell, pointer), kind);

  const required = (kind: Kind, cell: Cell, pointer: string): ((row: JoinedRow, wrong: Wrong) => string) => {
    const bound = bindCell(context, cell, pointer);
    const read = readKind(bound, kind);
    return (row, wrong) => {
      if (bound.read(row) !== null) return read(row, wrong) ?? '';
      wrong({ code: 'value-missing', column: bound.column, reason: 'is needed and has no value' });
      return '';
    };
  };

  const decimal = (cell: Cell | undefined, pointer: string): Read<string> => {
    if (cell === undefined) return nothing;
    const bound = bindCell(context, cell, pointer);
    return (row, wrong) => {
      const text = bound.read(row);
      if (text === null) return null;
      const value = decimalOf(text, numbers);
      if (value === undefined)
        wrong({ code: 'not-a-number', column: bound.column, reason: `${shown(text)} is not a number` });
      return value ?? null;
    };
  };

  const atLeast =
    (read: Read<string>, column: string, code: string, wanted: string, fits: (value: Big) => boolean): Read<string> =>
    (row, wrong) => {
      const value = read(row, wrong);
      if (value === null || fits(new Big(value))) return value;
      wrong({ code, column, reason: `${value} is not ${wanted}` });
      return null;
    };

  const columnOf = (cell: Cell): string =>
    typeof cell === 'string' ? cell : (cell.column ?? cell.columns?.join(' / ') ?? '');

  const notNegative = (cell: Cell | undefined, pointer: string): Read<string> =>
    cell === undefined
      ? nothing
      : atLeast(decimal(cell, pointer), columnOf(cell), 'negative', 'zero or more', (value) => value.gte(0));

  const positive = (cell: Cell, pointer: string): ((row: JoinedRow, wrong: Wrong) => string) => {
    const bound = bindCell(context, cell, pointer);
    const read = atLeast(decimal(cell, pointer), bound.column, 'not-positive', 'more than zero', (value) =>
      value.gt(0),
    );
    return (row, wrong) => {
      if (bound.read(row) !== null) return read(row, wrong) ?? '1';
      wrong({ code: 'value-missing', column: bound.column, reason: 'is needed and has no value' });
      return '1';
    };
  };

  /** Null, 0, no, n, false and none are no; everything else is yes. */
  const yesNo = (cell: Cell | undefined, pointer: string): ((row: JoinedRow) => boolean) => {
    if (cell === undefined) return () => false;
    const bound = bindCell(context, cell, pointer);
    return (row) => !noWords.has((bound.read(row) ?? 'no').toLowerCase());
  };

  const lineNumber = (cell: Cell | undefined, pointer: string): Read<number> => {
    if (cell === undefined) return nothing;
    const bound = bindCell(context, cell, pointer);
    return (row, wrong) => {
      const text = bound.read(row);
      if (text === null || lineNo.Check(Number(text))) return text === null ? null : Number(text);
      wrong({
        code: 'not-a-line-number',
        column: bound.column,
        reason: `${shown(text)} is not a whole number from 1 to 99999`,
      });
      return null;
    };
  };

  /** Cells joined into one identity; null if any of them is null, or if the mapping has no such key. */
  const key = (cells: string | readonly Cell[] = [], pointer: string) => {
    const bound = (typeof cells === 'string' ? [cells] : cells).map((cell, index) =>
      bindCell(context, cell, `${pointer}/${index}`),
    );
    const read = (row: JoinedRow): string | null => {
      const parts = bound.map((cell) => cell.read(row));
      if (parts.length === 0 || parts.includes(null)) return null;
      // Else a/b + c would be the order a + b/c.
      return parts.join(parts.length > 1 && parts.some((part) => part?.includes('/')) ? '//' : '/');
    };
    return { columns: bound.map(({ column }) => column).join(' + '), read };
  };

  return { optional, required, decimal, notNegative, positive, yesNo, lineNumber, key };
}
export type TypedReaders = ReturnType<typeof typedReaders>;
