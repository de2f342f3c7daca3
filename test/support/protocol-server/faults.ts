/** What a test can make the protocol server do wrong, one call at a time. */

export type CallName = 'append' | 'batch-append' | 'read' | 'subscribe' | 'delete' | 'tombstone' | 'features';

export interface Fault {
  readonly call: CallName;
  /**
   * mute: never answer. cut: destroy the connection. end: finish the call with status OK (an append: without a result). duplicate: send messages twice.
   * fail: finish the call with `status`. delay: go on only when `until` settles.
   */
  readonly does: 'mute' | 'cut' | 'end' | 'duplicate' | 'fail' | 'delay';
  /**
   * When to strike. Reads and subscriptions: after this many messages were sent. Appends: 0 = before the events are
   * stored, 1 = after. Default 0.
   */
  readonly after?: number;
  /** How many calls are hit; default 1. */
  readonly times?: number;
  readonly status?: { readonly code: number; readonly details: string };
  readonly until?: Promise<unknown>;
}

/** A fault that was handed to one call. `struck` tells the test. */
export interface ArmedFault extends Fault {
  strike(): void;
}

export interface Faults {
  /** Arms a fault for the next calls of its kind. The promise resolves when it strikes for the first time. */
  inject(fault: Fault): Promise<void>;
  take(call: CallName): ArmedFault | undefined;
  clear(): void;
}

export function createFaults(): Faults {
  let armed: { fault: ArmedFault; left: number }[] = [];
  return {
    inject(fault) {
      const { promise, resolve } = deferred();
      armed.push({ fault: { ...fault, strike: resolve }, left: fault.times ?? 1 });
      return promise;
    },
    take(call) {
      const entry = armed.find(({ fault, left }) => fault.call === call && left > 0);
      if (entry) entry.left -= 1;
      armed = armed.filter(({ left }) => left > 0);
      return entry?.fault;
    },
    clear() {
      armed = [];
    },
  };
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
