/** Data goes to stdout, words go to stderr: `orderfold ... --json | jq` always works. */
export interface Output {
  readonly data: (text: string) => void;
  readonly words: (text: string) => void;
  readonly interactive: boolean;
}

/** A reader that has seen enough (`orderfold ... | head`) closes its end: the rest is not wanted, the work goes on. */
function writerTo(stream: NodeJS.WriteStream): (text: string) => void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return (text) => void stream.write(`${text}\n`);
}

export const terminal: Output = {
  data: writerTo(process.stdout),
  words: writerTo(process.stderr),
  interactive: process.stderr.isTTY === true,
};

/** Rows as a text table: numbers to the right, everything else to the left. */
export function table(columns: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const cells = [columns, ...rows.map((row) => row.map((cell) => (cell === null ? '' : String(cell))))];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => (row[index] ?? '').length)));
  const right = columns.map(
    (_, index) => rows.length > 0 && rows.every((row) => typeof row[index] === 'number' || row[index] === null),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => (right[index] ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = cells;
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...body.map(line)].join('\n');
}
