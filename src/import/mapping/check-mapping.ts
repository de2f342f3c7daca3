import { isPeriod } from '../../projections/kpi/dimensions.ts';
import { compileDateFormat } from '../cells/date-format.ts';
import { shipTo } from '../cells/dates.ts';
import { isZone } from '../cells/moment.ts';
import { isEncoding } from '../csv/text.ts';
import type { Problem } from '../failure.ts';
import type { Mapping } from './schema.ts';

/** What the schema cannot say: formats that read a date, zones and encodings that exist, files that are declared. */
export function checkMapping(mapping: Mapping, file: string): Problem[] {
  const problems: Problem[] = [];
  const wrong = (pointer: string, message: string): void =>
    void problems.push({ code: 'mapping-invalid', file, pointer, message });

  const aliases = Object.keys(mapping.files ?? { rows: {} });
  const mainRows = mapping.rows ?? (aliases.length === 1 ? aliases[0] : undefined);
  if (mainRows === undefined) wrong('/rows', `is needed with several files: one of ${aliases.join(', ')}`);
  else if (!aliases.includes(mainRows)) wrong('/rows', `names a file that is not declared: ${mainRows}`);

  mapping.joins?.forEach(({ file: joined }, index) => {
    const twice =
      joined === mainRows || mapping.joins?.some((other, before) => before < index && other.file === joined);
    if (twice) wrong(`/joins/${index}/file`, `is already part of the rows: ${joined}`);
  });
  for (const [alias, format] of Object.entries(mapping.files ?? {})) {
    if (format.encoding !== undefined && !isEncoding(format.encoding)) {
      wrong(`/files/${alias}/encoding`, `is no known encoding: ${format.encoding}`);
    }
    if (aliases.length > 1 && format.match === undefined)
      wrong(`/files/${alias}/match`, 'is needed with several files');
    const joined = alias === mainRows || mapping.joins?.some((join) => join.file === alias);
    if (!joined) wrong(`/files/${alias}`, 'is neither the file of the rows nor joined to it');
  }
  if (mapping.line.promisesPer === 'line' && mapping.line.quantityPer === 'row')
    wrong('/line/promisesPer', 'is for lines whose rows repeat their quantity; it does not go with quantityPer "row"');
  for (const [place, { dimensions = {} }] of Object.entries({ order: mapping.order, line: mapping.line })) {
    for (const name of Object.keys(dimensions).filter(isPeriod))
      wrong(
        `/${place}/dimensions/${name}`,
        'is the name of a period, which KPIs are grouped by already; choose another',
      );
  }
  eachOption(mapping, '', (pointer, key, value) => {
    if (key === 'file' && !aliases.includes(String(value)))
      wrong(pointer, `names a file that is not declared: ${value}`);
    if (
      key === 'zone' &&
      typeof value === 'string' &&
      !zoneCells.includes(pointer) &&
      value !== shipTo &&
      !isZone(value)
    ) {
      wrong(pointer, `is no IANA time zone: ${value}`);
    }
    if (key === 'formats' && Array.isArray(value)) {
      value.forEach((format, index) => {
        if (compileDateFormat(String(format), 0)) return;
        wrong(`${pointer}/${index}`, `needs a day, a month and a year (D, M, Y) once each, or "iso": ${format}`);
      });
    }
    if (
      pointer !== '/dates' &&
      !ownWords.includes(key) &&
      isCell(value) &&
      !('column' in value || 'columns' in value || 'value' in value)
    ) {
      wrong(pointer, 'needs a column, columns or a value');
    }
  });
  return problems;
}

/** These are cells; every other `zone` is the name of a zone. */
const zoneCells = ['/order/zone', '/customer/zone'];

const isCell = (value: unknown): value is object =>
  isRecord(value) &&
  ['default', 'nulls', 'words', 'formats', 'recorded'].some((key) => key in value) &&
  !('name' in value);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Records whose keys are the user's own words: a dimension may be called `file`. */
const ownWords = ['dimensions', 'on', 'files'];

function eachOption(
  value: unknown,
  pointer: string,
  visit: (pointer: string, key: string, value: unknown) => void,
): void {
  if (!isRecord(value)) return;
  const free = ownWords.some((name) => pointer.endsWith(`/${name}`));
  for (const [key, child] of Object.entries(value)) {
    const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    visit(at, free ? '' : key, child);
    if (key !== 'words' && key !== 'means') eachOption(child, at, visit);
  }
}
