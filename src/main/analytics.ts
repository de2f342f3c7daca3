import { type Analytics, openAnalytics } from '../analytics/engine.ts';
import { segmentPath } from '../analytics/journal/places.ts';
import { type EventSource, type PastEvents, pastOf } from '../analytics/source.ts';
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
  // Who opens the journal first is told why it cannot be; whoever reads takes the log then.
  const archive = async () => {
    await started;
    return journal.open().catch(() => undefined);
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
  const analytics = await openAnalytics({
    log: source,
    past,
    clock,
    directory: config.exportDirectory,
    report: ({ code, message, cause }) => logger.warn({ code, err: cause }, message),
  });
  return {
    analytics,
    past,
    journal: {
      manifest: async () => (await archive())?.manifest(),
      fileOf: (segment) => segmentPath(config.journalDirectory, segment),
    },
    start,
    close: async () => {
      start();
      await analytics.close();
    },
  };
}
