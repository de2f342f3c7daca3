import type { Leaf } from '../../values/json-difference.ts';
import type { Certificate } from './certificate.ts';
import type { CauseCode, FieldDifference, RowDifference } from './differences.ts';

/** Certificates in plain English, the same on the command line and in pages. */

export const causeText: Readonly<Record<CauseCode, string>> = {
  'parked-stream': 'its stream waits in quarantine, so the row that is shown is old',
  missing: 'the row is missing from the tables that are shown, although its events are in the log',
  'not-in-log': 'no event makes this row',
  'changed-outside':
    'the row was changed by something other than the read model, or the program was changed without a new version',
  'new-version': 'the new version makes it so',
};

export const verdictWord = { equal: 'equal', different: 'different', 'new-version': 'new version' } as const;

const shownAs = (value: Leaf): string => (value === null || value === '' ? 'nothing' : String(value));

export const fieldText = ({ field, shown, rebuilt }: FieldDifference): string =>
  `${field} ${shownAs(shown)} → ${shownAs(rebuilt)}`;

const kindText = {
  changed: '',
  'only-rebuilt': 'only in the rebuilt table',
  'only-shown': 'only in the table that is shown',
};

/** How a row differs: `status promised → shipped`. */
export const differenceText = ({ kind, fields }: RowDifference): string =>
  kind === 'changed' ? fields.map(fieldText).join(', ') : kindText[kind];

export const counted = (count: number, thing: string): string =>
  `${count.toLocaleString('en-US')} ${thing}${count === 1 ? '' : 's'}`;

/** What the certificate says, in one sentence. */
export function verdictText({ verdict, differing, covered, version, shown }: Certificate): string {
  const made = `made anew of ${counted(covered.events, 'event')}`;
  if (verdict === 'equal') return `Equal: every row, ${made}, is as it is shown.`;
  if (verdict === 'different') return `Different: ${counted(differing, 'row')}, ${made}, not as shown.`;
  return `Version ${version}, ${made}, has ${counted(differing, 'row')} that differ from version ${shown.version}.`;
}
