import { type Journal, type JournalOptions, openJournal } from '../analytics/journal/journal.ts';
import type { Config } from '../config.ts';

type Chosen = Pick<JournalOptions, 'log' | 'report'> & Partial<Pick<JournalOptions, 'mode' | 'onProgress'>>;

/** The journal of an installation, opened when it is first asked for. */
export function journalOf({ journal, journalDirectory }: Config, { log, report }: Chosen) {
  let opened: Promise<Journal> | undefined;
  return {
    /** Undefined when it is switched off. Everybody in a process has the same one, in the mode in which it was first opened. */
    async open(choice: Omit<Chosen, 'log' | 'report'> = {}): Promise<Journal | undefined> {
      if (journal === 'off') return undefined;
      opened ??= openJournal({ log, report, directory: journalDirectory, ...choice });
      return opened;
    },
    async close(): Promise<void> {
      const journal = await opened?.catch(() => undefined); // whoever opened it was told why it could not be
      await journal?.close();
    },
  };
}
