/** SQLSTATE of an error that the server sent; undefined when the connection itself failed. */
export function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error && 'severity' in error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** True when the server may or may not have executed the statement: connection lost, shut down or never answered. */
export function isConnectionLoss(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined || state.startsWith('08') || state.startsWith('57P');
}

const waitedInVain = /timeout exceeded when trying to connect|timeout expired|connection terminated/i;

/** In words, when the server could not be reached at all; undefined for any other error. */
export function unreachable(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // Several addresses of one host were tried; the error that gathers them has no words of its own.
  if (error instanceof AggregateError) return error.errors.map(unreachable).find((words) => words !== undefined);
  const call = 'syscall' in error ? error.syscall : undefined;
  return call === 'connect' || call === 'getaddrinfo' || waitedInVain.test(error.message) ? error.message : undefined;
}
