import { shown } from '../../values/refusal.ts';
import type { DateCell, Mapping, Milestone } from '../mapping/schema.ts';
import { bindCell, type CellContext } from './cell.ts';
import type { JoinedRow } from './columns.ts';
import { compileDateFormat } from './date-format.ts';
import { type Moment, momentOf } from './moment.ts';
import type { Read } from './typed.ts';

/** A moment, and the column that tells it. */
export interface CellMoment extends Moment {
  readonly column: string;
}

/** Something that happened, and when that was recorded, if the file tells. */
export interface MilestoneMoment extends CellMoment {
  readonly recordedAt?: string;
}

export interface DateReaders {
  date(cell: DateCell | undefined, pointer: string): Read<CellMoment>;
  milestone(cell: Milestone | undefined, pointer: string): Read<MilestoneMoment>;
}

const nothing = (): null => null;
/** Dates repeat; reading one again costs a lookup. Bounded, because a file may have any number of instants. */
const remembered = 20_000;

/** Readers of date cells: formats are tried in order, the first that fits is taken. */
export function dateReaders(context: CellContext, defaults: Mapping['dates']): DateReaders {
  const date = (cell: DateCell | undefined, pointer: string): Read<CellMoment> => {
    if (cell === undefined) return nothing;
    const options = typeof cell === 'string' ? { column: cell } : cell;
    const names = options.formats ?? defaults?.formats ?? ['iso'];
    const zone = options.zone ?? defaults?.zone ?? 'UTC';
    const formats = names
      .map((name) => compileDateFormat(name, defaults?.pivotYear ?? 70))
      .filter((read) => read !== undefined);
    const bound = bindCell(context, cell, pointer);
    const read = memoized((text: string): Moment | undefined => {
      for (const format of formats) {
        const written = format(text);
        if (written) return momentOf(written, zone);
      }
      return undefined;
    });
    return (row, wrong) => {
      const text = bound.read(row);
      if (text === null) return null;
      const moment = read(text);
      if (moment) return { ...moment, column: bound.column };
      wrong({
        code: 'not-a-date',
        column: bound.column,
        reason: `${shown(text)} is no date of the form ${names.join(' or ')}`,
      });
      return null;
    };
  };

  const milestone = (cell: Milestone | undefined, pointer: string): Read<MilestoneMoment> => {
    if (cell === undefined) return nothing;
    if (typeof cell === 'string') return date(cell, pointer);
    const { recorded, ...happened } = cell;
    const at = date(happened, pointer);
    const recordedAt = date(recorded, `${pointer}/recorded`);
    return (row: JoinedRow, wrong) => {
      const moment = at(row, wrong);
      const known = recordedAt(row, wrong);
      return moment && known ? { ...moment, recordedAt: known.at } : moment;
    };
  };
  return { date, milestone };
}

function memoized<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const value = read(text);
    if (known.size < remembered) known.set(text, value);
    return value;
  };
}
