import type { AlertFact } from '../../events/catalog/alert.ts';
import type { Aggregate } from '../decider.ts';
import type { WatchCommand } from './commands.ts';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import type { WatchState } from './state.ts';

/** Streams `watch-{watchId}`: what is watched, and the alerts that came of it. */
export const watchAggregate: Aggregate<WatchState, WatchCommand, AlertFact> = {
  family: 'watch',
  initial: null,
  decide,
  evolve,
  weight: (state) => 1 + (state?.alerts.length ?? 0) / 20,
};
