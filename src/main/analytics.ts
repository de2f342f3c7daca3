import { join } from 'node:path';
import { type Analytics, openAnalytics } from '../analytics/engine.ts';
import { History } from '../analytics/history/history.ts';
import type { Journal } from '../analytics/journal/journal.ts';
import { segmentPath } from '../analytics/journal/places.ts';
import { type EventSource, type PastEvents, pastOf, type Report } from '../analytics/source.ts';
import type { JournalFiles } from '../api/dependencies.ts';
import type { House } from './compose.ts';

export interface AnalyticsRoom {
  readonly analytics: Analytics;
  readonly past: PastEvents;
  readonly journal: JournalFiles;
  /** Begins to follow the log. Until then the facts are empty. */
  start(): void;
  close(): Promise<void>;
}

/** Facts, KPIs and what they are made of: read from the journal where one is kept, else from the log. */
export async function openAnalyticsRoom({ config, log, journal, clock, logger }: House): Promise<AnalyticsRoom> {
  let start = (): void => {};
  const started = new Promise<void>((resolve) => {
    start = resolve;
  });
  let opened: Journal | undefined;
  // Who opens the journal first is told why it cannot be; whoever reads takes the log then.
  const archive = async () => {
    await started;
    opened = await journal.open().catch(() => undefined);
    return opened;
  };
  const source: EventSource = {
    async *subscribe(options) {
      const kept = await archive();
      if (!options.signal.aborted) yield* (kept ?? log).subscribe(options);
    },
  };
  const past: PastEvents = {
    async *read(after, upTo) {
      yield* ((await archive()) ?? pastOf(log)).read(after, upTo);
    },
  };
  const report: Report = ({ code, message, cause }) => logger.warn({ code, err: cause }, message);
  const changes = join(config.journalDirectory, 'facts');
  const history = async () => {
    const kept = await archive();
    return kept && History.open({ directory: changes, writes: kept.standing().state.kind !== 'reading', report });
  };
  const analytics = await openAnalytics({
    log: source,
    past,
    history,
    clock,
    directory: config.exportDirectory,
    report,
  });
  return {
    analytics,
    past,
    journal: {
      manifest: async () => (await archive())?.manifest(),
      fileOf: (segment) => segmentPath(config.journalDirectory, segment),
      standing: () => opened?.standing(),
    },
    start,
    close: async () => {
      start();
      await analytics.close();
    },
  };
}
