/** Where a projection stands. One value per projection, shown on /readyz and in metrics. */
export type ProjectionState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'catching-up' }
  | { readonly kind: 'live' }
  /** Running, but some streams are parked: their rows are as of the event before the first parked one. */
  | { readonly kind: 'quarantined'; readonly streams: number; readonly caughtUp: boolean }
  /** Interrupted; tries again by itself after `delayMs`. */
  | { readonly kind: 'retrying'; readonly attempt: number; readonly cause: string; readonly delayMs: number }
  /** Cannot go on without a person: see `code`. */
  | { readonly kind: 'failed'; readonly code: FailureCode; readonly cause: string };

export type FailureCode = 'projection-outdated' | 'projection-superseded' | 'poison-event';

export type ProjectionSignal =
  | { readonly kind: 'start'; readonly parked: number }
  /** A batch was committed; `caughtUp` when nothing more was waiting. */
  | { readonly kind: 'committed'; readonly caughtUp: boolean; readonly parked: number }
  | { readonly kind: 'interrupted'; readonly attempt: number; readonly cause: string; readonly delayMs: number }
  | { readonly kind: 'refused'; readonly code: FailureCode; readonly cause: string }
  | { readonly kind: 'stop' };

const running = (caughtUp: boolean, parked: number): ProjectionState => {
  if (parked > 0) return { kind: 'quarantined', streams: parked, caughtUp };
  return caughtUp ? { kind: 'live' } : { kind: 'catching-up' };
};

/** The only place where a projection's state changes. Signals that make no sense in a state leave it as it is. */
export function nextState(state: ProjectionState, signal: ProjectionSignal): ProjectionState {
  switch (signal.kind) {
    case 'start':
      return running(false, signal.parked);
    case 'stop':
      return { kind: 'stopped' };
    case 'refused':
      return state.kind === 'stopped' ? state : { kind: 'failed', code: signal.code, cause: signal.cause };
    case 'interrupted':
      if (state.kind === 'stopped' || state.kind === 'failed') return state;
      return { kind: 'retrying', attempt: signal.attempt, cause: signal.cause, delayMs: signal.delayMs };
    case 'committed':
      if (state.kind === 'stopped' || state.kind === 'failed' || state.kind === 'retrying') return state;
      return running(signal.caughtUp, signal.parked);
  }
}

/** Reads may be served as current (within the lag) in these states. */
export const isServing = (state: ProjectionState): boolean =>
  state.kind === 'live' || (state.kind === 'quarantined' && state.caughtUp);
