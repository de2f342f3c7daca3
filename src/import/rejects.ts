import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { csvLine } from './csv/write.ts';

/** Something that was not imported, and why. */
export interface Reject {
  readonly file: string;
  readonly line: number;
  readonly code: string;
  readonly column?: string;
  readonly reason: string;
}

/** Takes rejects one by one; `close` waits until all are written. */
export interface RejectsFile {
  write(reject: Reject): void;
  close(): Promise<void>;
}

/** A CSV file with the columns file, line, column, code, reason. It is begun anew; it throws if it cannot be written. */
export async function openRejectsFile(path: string): Promise<RejectsFile> {
  const stream = createWriteStream(path, { encoding: 'utf8' });
  await once(stream, 'open');
  const written = finished(stream);
  // A full disk shows when the file is closed; until then nobody waits for it.
  written.catch(() => {});
  stream.write('file,line,column,code,reason\n');
  return {
    write: ({ file, line, column, code, reason }) =>
      void stream.write(`${csvLine([file, String(line), column ?? '', code, reason])}\n`),
    close: async () => {
      stream.end();
      await written;
    },
  };
}
