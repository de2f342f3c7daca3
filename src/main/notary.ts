import { join } from 'node:path';
import { rawEvents } from '../analytics/journal/columns.ts';
import type { Journal } from '../analytics/journal/journal.ts';
import { sentenceOf } from '../audit/history/sentence.ts';
import { Notary } from '../audit/notary.ts';
import type { JournalCopy } from '../audit/verify/journal.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import type { EventLog } from '../events/log/port.ts';
import type { journalOf } from './journal.ts';

export interface NotaryParts {
  readonly log: EventLog;
  readonly database: Database;
  readonly journal: ReturnType<typeof journalOf>;
  readonly clock: () => string;
  readonly report: (problem: { message: string; error?: unknown }) => void;
}

/** The tamper evidence of an installation. Nothing runs until somebody asks for something. */
export function notaryOf(config: Config, { log, database, journal, clock, report }: NotaryParts): Notary {
  const folder = join(config.data, 'audit');
  return new Notary({
    log,
    database,
    key: { text: config.auditKey, file: join(folder, 'signing-key'), name: config.auditName },
    memoryFile: join(folder, 'last-checkpoint'),
    places: config.auditPlaces,
    clock,
    report,
    journal: async () => copyOf(await journal.open({ mode: 'read' }).catch(() => undefined)),
    streamsOf: async (orderId) => [`order-${orderId}`],
    documentsOf: async () => [],
    tell: sentenceOf,
  });
}

/** The journal as verification reads it: its files, as they are. */
export function copyOf(journal: Journal | undefined): JournalCopy | undefined {
  return (
    journal && {
      async *events() {
        for await (const columns of journal.columns('start')) yield rawEvents(columns);
      },
      async *damage() {
        for await (const { ok, segment, why } of journal.verify()) {
          if (!ok) yield `Segment ${segment} of the journal: ${why}`;
        }
      },
    }
  );
}
