import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Journal, type JournalOptions, openJournal } from '../../src/analytics/journal/journal.ts';
import type { JournalLimits } from '../../src/analytics/journal/limits.ts';
import type { Recorded } from '../../src/events/envelope.ts';
import type { EventLog } from '../../src/events/log/port.ts';

/** Files of a few events, so that a short history has many of them. */
export const tiny: JournalLimits = { batchEvents: 8, batchBytes: 2 ** 20, segmentEvents: 24, segmentBytes: 2 ** 20 };

export interface JournalPlace {
  readonly directory: string;
  /** What was reported, oldest first. */
  readonly problems: string[];
  open(log: EventLog, options?: Partial<JournalOptions>): Promise<Journal>;
  /** Closes what is open, as a process does that ends. */
  closeAll(): Promise<void>;
  /** The same, and deletes the folder. */
  remove(): Promise<void>;
}

/** A folder for a journal. */
export function journalPlace(): JournalPlace {
  const parent = mkdtempSync(join(tmpdir(), 'orderfold-journal-'));
  const directory = join(parent, 'journal');
  const opened: Journal[] = [];
  const problems: string[] = [];
  const closeAll = async (): Promise<void> => {
    for (const journal of opened.splice(0)) await journal.close();
  };
  return {
    directory,
    problems,
    async open(log, options = {}) {
      const report: JournalOptions['report'] = ({ message }) => void problems.push(message);
      const journal = await openJournal({
        log,
        directory,
        report,
        limits: tiny,
        retryMs: 1,
        patrolMs: 1e8,
        ...options,
      });
      opened.push(journal);
      return journal;
    },
    closeAll,
    async remove() {
      await closeAll();
      await rm(parent, { recursive: true, force: true });
    },
  };
}

export async function all(events: AsyncIterable<Recorded>): Promise<Recorded[]> {
  const found: Recorded[] = [];
  for await (const event of events) found.push(event);
  return found;
}
