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
