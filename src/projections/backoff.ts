export interface Backoff {
  readonly baseMs: number;
  readonly factor: number;
  readonly capMs: number;
}

export const defaultBackoff: Backoff = { baseMs: 100, factor: 2, capMs: 10_000 };

/** Milliseconds before attempt `attempt` (1 is the first retry); half of it is random, so that runners do not march in step. */
export function delayBefore(
  attempt: number,
  { baseMs, factor, capMs }: Backoff,
  random: () => number = Math.random,
): number {
  const full = Math.min(capMs, baseMs * factor ** Math.min(attempt - 1, 30));
  return Math.round(full / 2 + (full / 2) * random());
}
