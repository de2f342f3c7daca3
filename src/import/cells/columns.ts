import type { Problem } from '../failure.ts';

/** A row of the import: its own cells and, per joined file, the cells of its counterpart (undefined if there is none). */
export interface JoinedRow {
  readonly file: string;
  readonly line: number;
  readonly cells: readonly (readonly string[] | undefined)[];
}

/** A column of one of the files: `cells[source][index]` of a row. */
export interface Column {
  readonly name: string;
  readonly source: number;
  readonly index: number;
}

/** What is known of a file while the mapping is bound to it. */
export interface Source {
  readonly alias: string;
  readonly path: string;
  readonly header: readonly string[];
}

/** Finds columns by name in the files read so far, and gathers what cannot be found. */
export interface Columns {
  /** Undefined after a problem was noted. A name in several files needs `alias`, except that the file of the rows goes first. */
  find(name: string, alias: string | undefined, pointer: string): Column | undefined;
  readonly problems: Problem[];
}

export function columnsOf(sources: readonly Source[]): Columns {
  const problems: Problem[] = [];
  const find = (name: string, alias: string | undefined, pointer: string): Column | undefined => {
    const candidates = sources.flatMap((source, number) =>
      source.header.flatMap((column, index) =>
        column === name && (alias === undefined || alias === source.alias) ? [{ name, source: number, index }] : [],
      ),
    );
    const first = candidates[0];
    const rivals = candidates.filter((other) => (first?.source === 0 ? other.source === 0 : true));
    if (first && rivals.length === 1) return first;
    if (problems.some((told) => told.pointer === pointer && told.column === name)) return undefined;
    const searched = sources.filter((source) => alias === undefined || alias === source.alias);
    problems.push({
      code: first ? 'column-ambiguous' : 'column-not-found',
      file: (searched[first?.source ?? 0] ?? searched[0])?.path ?? '',
      line: 1,
      pointer,
      column: name,
      message: first
        ? 'stands in several places; rename one, or say which file is meant'
        : `is not in the header (${searched
            .flatMap((source) => source.header)
            .slice(0, 60)
            .join(', ')})`,
    });
    return undefined;
  };
  return { find, problems };
}
