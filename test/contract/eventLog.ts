import { afterAll, beforeAll, describe } from 'vitest';
import type { NewEvent } from '../../src/events/envelope.ts';
import type { EventLog } from '../../src/events/log/port.ts';
import { appending } from './log-appending.ts';
import { reading } from './log-reading.ts';
import { subscribing } from './log-subscribing.ts';
import { underLoad } from './log-under-load.ts';

/** A store with a log in it, and what can be done to it. */
export interface OpenedLog {
  readonly log: EventLog;
  /** Another client of the same store, as another process would have. The caller closes it. */
  readonly second?: () => Promise<EventLog>;
  /** Cuts every connection to the store; it can be reached again at once. */
  readonly killConnections?: () => Promise<void>;
  /** Puts events into a new stream by a shorter way than `append`, for tests that need very many. */
  readonly put?: (stream: string, events: readonly NewEvent[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Gives the log under test; only valid inside a test. */
export type UnderTest = () => OpenedLog;

/**
 * What every adapter of the EventLog port must do. The store may already hold events of others: nothing here relies on
 * an empty log.
 */
export function eventLogContract(name: string, open: () => Promise<OpenedLog>): void {
  describe(`event log: ${name}`, () => {
    let opened: OpenedLog | undefined;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => {
      await opened?.close();
    });
    const underTest: UnderTest = () => {
      if (!opened) throw new Error('The log was not opened');
      return opened;
    };
    appending(underTest);
    reading(underTest);
    subscribing(underTest);
    underLoad(underTest);
  });
}
