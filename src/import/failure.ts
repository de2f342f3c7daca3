/** One thing that is wrong with a mapping or a file, and where. */
export interface Problem {
  readonly code: string;
  /** What is wrong and what to do about it. */
  readonly message: string;
  readonly file: string;
  /** 1-based line of the file, if it is known. */
  readonly line?: number;
  /** JSON pointer into the mapping. */
  readonly pointer?: string;
  readonly column?: string;
}

/** Nothing could be imported: the mapping or a file as a whole is wrong. Wrong rows are rejects, not failures. */
export class ImportFailure extends Error {
  override readonly name = 'ImportFailure';
  readonly code: string;
  readonly problems: readonly Problem[];

  constructor(problems: readonly [Problem, ...Problem[]]) {
    super(problems.map(describe).join('\n'));
    this.code = problems[0].code;
    this.problems = problems;
  }
}

function describe({ file, line, pointer, column, message }: Problem): string {
  const place = [line === undefined ? file : `${file}:${line}`];
  if (pointer !== undefined) place.push(`at ${pointer === '' ? '/' : pointer}`);
  if (column !== undefined) place.push(`column "${column}"`);
  return `${place.join(', ')}: ${message}`;
}
