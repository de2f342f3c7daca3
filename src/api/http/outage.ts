/** Tells an unreachable database from a fault of ours, by the codes of PostgreSQL and of the socket. */

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
/** Classes 08 (connection), 53 (resources), 57P (shutdown, crash) of PostgreSQL's error codes. */
const sqlStates = /^(08|53|57P)/;
const words =
  /connection terminated|connection timeout|timeout exceeded when trying to connect|not queryable|server closed/i;

export function databaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'database-unavailable' || socketCodes.has(code) || sqlStates.test(code) || words.test(error.message))
    return true;
  if (error instanceof AggregateError && error.errors.some(databaseUnavailable)) return true;
  return error.cause !== undefined && databaseUnavailable(error.cause);
}
