import { setImmediate as turn } from 'node:timers/promises';
import type { Position, Recorded } from '../../events/envelope.ts';
import type { LogMessage } from '../../events/log/port.ts';
import { type EventColumns, firstAfter, positionAt, recordedAt } from './columns.ts';
import { batchesAfter, type FolderView } from './view.ts';

/** What the journal holds at one moment: files, and what is in no file yet. */
export interface Holdings {
  readonly view: FolderView;
  /** Begins after the last event of the files. */
  readonly tail: EventColumns | undefined;
}

/** So many events are parsed, a few milliseconds, before others get their turn. */
const sliceEvents = 1_024;

/** The columns that hold events after a position, in order, as they lie in memory. Throws DamagedSegment. */
export async function* columnsAfter(
  { view, tail }: Holdings,
  after: Position | 'start',
): AsyncGenerator<EventColumns, void> {
  yield* batchesAfter(view, after);
  if (tail && firstAfter(tail, after) < tail.events) yield tail;
}

/**
 * What a subscription to the log would say about the events that the journal holds after a position, up to its end. Throws
 * DamagedSegment; what was said before stands.
 */
export async function* messagesAfter(
  holdings: Holdings,
  after: Position | 'start',
  types: ReadonlySet<string> | undefined,
): AsyncGenerator<LogMessage, void> {
  for await (const columns of columnsAfter(holdings, after)) {
    const wanted = columns.words.map((word) => types?.has(word) ?? true);
    let last: Recorded | undefined;
    for (let index = firstAfter(columns, after); index < columns.events; index += 1) {
      if (index % sliceEvents === 0) await turn();
      if (!wanted[columns.type[index] ?? -1]) continue;
      last = recordedAt(columns, index);
      yield { kind: 'event', event: last };
    }
    const end = positionAt(columns, columns.events - 1);
    if (last?.position !== end) yield { kind: 'progress', position: end };
  }
}
