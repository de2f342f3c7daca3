import { shown } from '../../values/refusal.ts';
import type { DateCell, Mapping, Milestone } from '../mapping/schema.ts';
import { bindCell, type CellContext } from './cell.ts';
import type { JoinedRow } from './columns.ts';
import { compileDateFormat } from './date-format.ts';
import { type Moment, momentOf, type ReadingZones } from './moment.ts';
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

/** Stands for the zone of the ship-to where a zone is named. */
export const shipTo = 'ship-to';

/** The zone of what the rows do not place anywhere. */
export const usualZone = (dates: Mapping['dates']): string =>
  dates?.zone === undefined || dates.zone === shipTo ? 'UTC' : dates.zone;

/** The zone of the place that a row ships to; undefined if the row does not tell. */
export type ShipToZone = (row: JoinedRow) => string | undefined;

/**
 * Readers of date cells: formats are tried in order, the first that fits is taken. A cell that names its zone is read
 * there. Otherwise days are those of the ship-to, as promises are, and local times those of the whole mapping.
 */
export function dateReaders(context: CellContext, defaults: Mapping['dates'], zoneOf: ShipToZone): DateReaders {
  const usual = usualZone(defaults);
  const zonesOf = (own: string | undefined, row: JoinedRow): ReadingZones => {
    if (own !== undefined && own !== shipTo) return { calendar: own, clock: own };
    const calendar = zoneOf(row) ?? usual;
    return { calendar, clock: (own ?? defaults?.zone) === shipTo ? calendar : usual };
  };

  const date = (cell: DateCell | undefined, pointer: string): Read<CellMoment> => {
    if (cell === undefined) return nothing;
    const options = typeof cell === 'string' ? { column: cell } : cell;
    const names = options.formats ?? defaults?.formats ?? ['iso'];
    const formats = names
      .map((name) => compileDateFormat(name, defaults?.pivotYear ?? 70))
      .filter((read) => read !== undefined);
    const bound = bindCell(context, cell, pointer);
    const read = memoized((text: string, zones: ReadingZones): Moment | undefined => {
      for (const format of formats) {
        const written = format(text);
        if (written) return momentOf(written, zones);
      }
      return undefined;
    });
    return (row, wrong) => {
      const text = bound.read(row);
      if (text === null) return null;
      const moment = read(text, zonesOf(options.zone, row));
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

function memoized<T>(read: (text: string, zones: ReadingZones) => T): (text: string, zones: ReadingZones) => T {
  const known = new Map<string, T>();
  return (text, zones) => {
    const asked = `${text}\n${zones.calendar}\n${zones.clock}`;
    const before = known.get(asked);
    if (before !== undefined) return before;
    const value = read(text, zones);
    if (known.size < remembered) known.set(asked, value);
    return value;
  };
}
