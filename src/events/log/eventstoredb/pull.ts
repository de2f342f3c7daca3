import type { Readable } from 'node:stream';
import { CallCut } from './outages.ts';
import type { Schedule } from './timing.ts';

export interface PullOptions {
  readonly signals: readonly AbortSignal[];
  readonly schedule: Schedule;
  /** How long to wait for the next item, in milliseconds, before `onSilence` is asked; it throws to give up. */
  readonly silence: number;
  readonly onSilence: () => Promise<void> | void;
}

/** Items are handed on in handfuls, because every step of an asynchronous generator costs microseconds. */
const handful = 64;

/**
 * The items of an object stream, as the consumer asks for them, as many at a time as are there. Ends when the stream ends or
 * a signal aborts. Throws when the stream fails, but only after the items that came before.
 *
 * `for await` over a stream of the client is no substitute: leaving it does not cancel the call, and it waits for ever.
 */
export async function* pull<T>(
  stream: Readable,
  cancel: () => Promise<unknown>,
  o: PullOptions,
): AsyncGenerator<T[], void> {
  let failure: Error | undefined;
  let ended = false;
  let wake = () => {};
  stream.on('readable', () => wake());
  // Stays for good: the client reports errors of cancelled calls later, and without a listener they end the process.
  stream.on('error', (error) => {
    failure ??= error;
    wake();
  });
  stream.on('end', () => {
    ended = true;
    wake();
  });
  stream.on('close', () => {
    if (!ended) failure ??= new CallCut('The call was closed before its end');
    wake();
  });
  const abort = () => wake();
  const aborted = () => o.signals.some((signal) => signal.aborted);
  for (const signal of o.signals) signal.addEventListener('abort', abort);
  try {
    while (!aborted()) {
      const items = buffered<T>(stream);
      if (items.length > 0) {
        yield items;
        continue;
      }
      if (failure) throw failure;
      if (ended) return;
      let silent = false;
      await new Promise<void>((resolve) => {
        const callOff = o.schedule(o.silence, () => {
          silent = true;
          wake();
        });
        wake = () => {
          callOff();
          wake = () => {};
          resolve();
        };
      });
      if (silent && !aborted()) await o.onSilence();
    }
  } finally {
    for (const signal of o.signals) signal.removeEventListener('abort', abort);
    void cancel().catch(() => undefined);
  }
}

function buffered<T>(stream: Readable): T[] {
  const items: T[] = [];
  for (let item = stream.read(); item !== null; item = items.length < handful ? stream.read() : null) items.push(item);
  return items;
}
