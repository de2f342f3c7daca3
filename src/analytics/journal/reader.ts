import type { EventLog } from '../../events/log/port.ts';
import { agrees } from './agreement.ts';
import { formatVersion } from './format.ts';
import type { Journal } from './journal.ts';
import { segmentName, segmentPath } from './places.ts';
import { columnsAfter } from './reading.ts';
import { replay } from './replay.ts';
import { type JournalState, standingOf } from './standing.ts';
import { inspect, tornBytes } from './verify.ts';
import { type FolderView, lastIn, lookAt } from './view.ts';

export interface ReaderOptions {
  readonly log: EventLog;
  readonly directory: string;
  readonly report: (problem: { message: string; error?: unknown }) => void;
  readonly state: JournalState;
}

/** The journal for a process that does not write it. It looks at the files again whenever it is asked for events. */
export async function readerOf({ log, directory, report, state }: ReaderOptions): Promise<Journal> {
  const closing = new AbortController();
  let view = await lookAt(directory);
  const look = async (): Promise<FolderView> => {
    view = await lookAt(directory);
    return view;
  };
  const reading = replay({
    log,
    closed: closing.signal,
    report,
    async holdings(signal) {
      const seen = await look();
      if (await agrees(seen, log, signal)) return { view: seen, tail: undefined };
      report({ message: 'The journal is not of this log, or the log was set back; everything is read from the log' });
      return { view: { ...seen, segments: [], part: undefined }, tail: undefined };
    },
    last: () => lastIn(view) ?? 'start',
    onDamage: () => {},
  });
  return {
    ...reading,
    async *columns(after) {
      yield* columnsAfter({ view: await look(), tail: undefined }, after);
    },
    manifest: () => ({ version: formatVersion, segments: [...view.segments] }),
    fileOf: (segment) => segmentPath(directory, segment),
    get position() {
      return lastIn(view) ?? 'start';
    },
    standing: () => standingOf({ view, state, inMemory: 0, position: lastIn(view) ?? 'start' }),
    caughtUp: async () => {},
    async *verify() {
      const torn = await tornBytes(await look());
      yield* inspect(view);
      // Another process may have been writing the last batch when we looked first.
      if (torn === 0 || torn !== (await tornBytes(await look()))) return;
      const number = view.segments.length + 1;
      yield {
        segment: segmentName(number),
        number,
        events: 0,
        ok: false,
        why: `its last ${torn} bytes are no whole batch`,
      };
    },
    async rebuild() {
      throw new Error('This process only reads the journal; it cannot write it again');
    },
    async close() {
      closing.abort();
    },
  };
}
