import { unreachable } from '../database/errors.ts';

/** What went wrong, for people and for programs; the stack only of errors that nobody expected. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly stack?: string;
}

const codes: Readonly<Record<string, string>> = {
  UsageError: 'wrong-usage',
  DifferenceFound: 'difference-found',
  Interrupted: 'interrupted',
};
const ours = /^[a-z]+(?:-[a-z]+)*$/;

export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { code: 'failed', message: String(error) };
  const silence = unreachable(error);
  if (silence !== undefined) {
    const message = `The database does not answer (${silence}). Start it, or check the address in DATABASE_URL.`;
    return { code: 'database-unavailable', message };
  }
  const { message, stack } = error;
  const code = 'code' in error ? String(error.code) : codes[error.name];
  if (code === undefined) return { code: 'failed', message, ...(stack !== undefined && { stack }) };
  // Those of the operating system name what could not be done to which file.
  return { code: ours.test(code) ? code : 'failed', message };
}
