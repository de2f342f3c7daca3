import { KeyRefused } from '../api/keys/keys.ts';
import { InvalidValue } from '../values/refusal.ts';

/** Exit codes of every command, as documented in docs/cli.md. */
export const exitCode = {
  ok: 0,
  failed: 1,
  usage: 2,
  difference: 3,
  interrupted: 130,
} as const;

/** The user asked for something that cannot be: exit code 2, no stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A comparison found a difference: exit code 3. */
export class DifferenceFound extends Error {
  override readonly name = 'DifferenceFound';
}

/** The user stopped the command; what was done is kept and can be resumed: exit code 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Words, dates, cursors and keys that cannot be are wrong usage, wherever that was noticed. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError || error instanceof InvalidValue || error instanceof KeyRefused)
    return exitCode.usage;
  if (error instanceof DifferenceFound) return exitCode.difference;
  if (error instanceof Interrupted) return exitCode.interrupted;
  return exitCode.failed;
}
