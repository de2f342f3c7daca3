import { LogUnavailable } from '../../events/log/port.ts';

/** Tells an unreachable database, or log, from a fault of ours, by the codes of PostgreSQL and of the socket. */

const socketCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENOENT',
]);
/** Of PostgreSQL: classes 08 (connection), 53 (resources), 57 (shutdown, crash, statement timed out), 55P03 (lock timed out). */
const sqlStates = /^(08|53|57|55P03)/;
const words =
  /connection terminated|query read timeout|connection timeout|timeout exceeded when trying to connect|not queryable|server closed/i;

export function databaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof LogUnavailable) return true;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'database-unavailable' || socketCodes.has(code) || sqlStates.test(code) || words.test(error.message))
    return true;
  if (error instanceof AggregateError && error.errors.some(databaseUnavailable)) return true;
  return error.cause !== undefined && databaseUnavailable(error.cause);
}
