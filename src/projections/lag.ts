import type { Position } from '../events/envelope.ts';
import { isAfter } from './checkpoint.ts';

/** How far a projection is behind the log. */
export interface Lag {
  /** Events read but not yet projected: a lower bound while it is catching up. */
  readonly events: number;
  /** Seconds since it was last at the end of the log; 0 while it is there. */
  readonly seconds: number;
  /** At two looks in a row the head of the log was further than the position, and the position had not moved. */
  readonly stalled: boolean;
}

export interface LagMeter {
  progressed(progress: { readonly caughtUp: boolean; readonly waiting: number }): void;
  interrupted(): void;
  /** A look at the head of the log; `seen` is how far the subscription has come. */
  looked(head: Position | 'start', seen: Position | 'start'): void;
  lag(): Lag;
}

/** `now` in milliseconds of a clock that only goes forward. */
export function lagMeter(now: () => number): LagMeter {
  let lastAtHead = now();
  let atHead = false;
  let waiting = 0;
  let stalled = false;
  let seenBefore: Position | 'start' | undefined;

  const leaveHead = (): void => {
    if (atHead) lastAtHead = now();
    atHead = false;
  };

  return {
    progressed(progress) {
      waiting = progress.waiting;
      stalled = false;
      seenBefore = undefined;
      if (progress.caughtUp && waiting === 0) atHead = true;
      else leaveHead();
    },
    interrupted: leaveHead,
    looked(head, seen) {
      const behind = isAfter(head, seen);
      stalled = behind && seenBefore === seen;
      seenBefore = behind ? seen : undefined;
      if (behind) leaveHead();
    },
    lag: () => ({ events: waiting, seconds: atHead ? 0 : (now() - lastAtHead) / 1000, stalled }),
  };
}
