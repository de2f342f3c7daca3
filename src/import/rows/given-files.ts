import { basename } from 'node:path';
import type { TableFormat } from '../csv/table.ts';
import { ImportFailure, type Problem } from '../failure.ts';
import type { Mapping } from '../mapping/schema.ts';

/** The files that were given for one file of the mapping. */
export interface GivenFiles {
  readonly alias: string;
  readonly format: TableFormat;
  readonly paths: readonly string[];
}

/** Which of the given files is which: the file of the rows first, then the joined files in order. Throws ImportFailure. */
export function givenFiles(mapping: Mapping, paths: readonly string[]): GivenFiles[] {
  const declared = mapping.files ?? { rows: {} };
  const aliases = Object.keys(declared);
  const matches = (alias: string, path: string): boolean => {
    const pattern = declared[alias]?.match;
    return pattern === undefined || aliases.length === 1 || wildcard(pattern).test(basename(path));
  };
  const owners = paths.map((path) => ({ path, owners: aliases.filter((alias) => matches(alias, path)) }));
  const problems = owners.flatMap(({ path, owners }): Problem[] =>
    owners.length === 1
      ? []
      : [
          {
            code: 'file-unmatched',
            file: path,
            pointer: '/files',
            message: `matches ${owners.join(' and ') || 'no file of the mapping'}`,
          },
        ],
  );
  const main = mapping.rows ?? aliases[0] ?? 'rows';
  const wanted = [main, ...(mapping.joins ?? []).map(({ file }) => file)];
  const given = [...new Set(wanted)].map((alias) => ({
    alias,
    format: formatOf(declared[alias] ?? {}),
    paths: owners.filter(({ owners }) => owners.includes(alias)).map(({ path }) => path),
  }));
  for (const { alias, paths: found } of given) {
    if (found.length > 0) continue;
    const message = `was not given; files that match ${JSON.stringify(declared[alias]?.match ?? '*')} are needed`;
    problems.push({ code: 'file-missing', file: alias, pointer: `/files/${alias}`, message });
  }
  const [first, ...rest] = problems;
  if (first) throw new ImportFailure([first, ...rest]);
  return given;
}

const formatOf = (format: NonNullable<Mapping['files']>[string]): TableFormat => ({
  encoding: format.encoding ?? 'utf-8',
  delimiter: format.delimiter ?? ',',
  quote: format.quote ?? '"',
  escape: format.escape ?? '"',
  ...(format.comment === undefined ? {} : { comment: format.comment }),
});

const wildcard = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    'i',
  );
