import { concurrently } from '../commands/concurrently.ts';
import type { OrderNumbers } from '../commands/order-numbers.ts';
import { epochOf, instantOf } from '../values/dates.ts';
import { registerContacts } from './contacts.ts';
import { playScript, registerCustomers, type Stage } from './play.ts';
import { orderNumberOf, type Scenario, scenario } from './scenario.ts';

export interface SimulationDependencies extends Stage {
  /** The simulated orders take fixed numbers; real ones go on above them. */
  readonly numbers: Pick<OrderNumbers, 'raiseAbove'>;
}

export interface SimulationRequest extends Scenario {
  /** Orders under way at the same time; 64 if left out. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SimulationProgress) => void;
}

export interface SimulationProgress {
  readonly done: number;
  readonly total: number;
  /** Orders per second. */
  readonly rate: number;
  readonly secondsLeft?: number;
}

export interface SimulationSummary {
  readonly orders: number;
  readonly eventsAppended: number;
  /** Stopped by its signal; the same simulation again goes on from there. */
  readonly interrupted: boolean;
  readonly seconds: number;
}

const usualConcurrency = 64;
const yearMs = 365 * 86_400_000;

/**
 * Loads a simulated manufacturer through the command handler. The same seed, number of orders and end give the same
 * events, but for the ciphertext of contacts; what is there already is not repeated. Throws SimulationRefused when a command is refused.
 */
export async function simulate(deps: SimulationDependencies, request: SimulationRequest): Promise<SimulationSummary> {
  const { orders, until, signal, onProgress } = request;
  const start = performance.now();
  const elapsed = (): number => (performance.now() - start) / 1000;
  if (orders > 0) await deps.numbers.raiseAbove(orderNumberOf(orders - 1, request));
  const registeredAt = instantOf(epochOf(until) - 2 * yearMs);
  let eventsAppended = await registerCustomers(deps, registeredAt);
  if (request.contacts) eventsAppended += await registerContacts(deps, registeredAt);
  let done = 0;
  await concurrently(
    scenario(request),
    request.concurrency ?? usualConcurrency,
    async (script) => {
      const events = await playScript(script, deps, signal);
      eventsAppended += events;
      done += 1;
      const rate = done / Math.max(elapsed(), 0.001);
      onProgress?.({ done, total: orders, rate, secondsLeft: (orders - done) / rate });
    },
    signal,
  );
  return { orders: done, eventsAppended, interrupted: signal?.aborted ?? false, seconds: elapsed() };
}
