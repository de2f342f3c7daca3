import { setImmediate as turn } from 'node:timers/promises';

interface Waiting<In, Out> {
  readonly item: In;
  readonly resolve: (out: Out) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Natural batching: calls of one turn of the event loop, and calls that arrive while a flush is in flight, are flushed
 * together next (at most `max` of them). One flush is in flight at a time, so flushes never overtake each other; reads, which
 * may, keep both sides busy with `inFlight` 2.
 * `flush` answers in the order of its items; when it rejects, every call of that batch rejects with the same reason.
 */
export function batched<In, Out>(
  flush: (items: In[]) => Promise<Out[]>,
  options: { max?: number; inFlight?: number } = {},
): (item: In) => Promise<Out> {
  const { max = 1000, inFlight = 1 } = options;
  let waiting: Waiting<In, Out>[] = [];
  let running = 0;

  async function run(): Promise<void> {
    if (running >= inFlight) return;
    running += 1;
    while (waiting.length > 0) {
      await turn(); // whoever was just answered may have the next call ready: it joins this flush
      if (waiting.length === 0) break; // another flush took them
      const batch = waiting.slice(0, max);
      waiting = waiting.slice(max);
      try {
        const answers = await flush(batch.map((call) => call.item));
        if (answers.length !== batch.length) throw new Error(`Expected ${batch.length} answers, got ${answers.length}`);
        for (const [i, call] of batch.entries()) call.resolve(answers[i] as Out);
      } catch (reason) {
        for (const call of batch) call.reject(reason);
      }
    }
    running -= 1;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      void run();
    });
}
