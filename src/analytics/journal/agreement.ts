import type { Position, Recorded } from '../../events/envelope.ts';
import type { EventLog } from '../../events/log/port.ts';
import { positionAt, recordedAt } from './columns.ts';
import { batchesAfter, type FolderView, lastBatch } from './view.ts';

/**
 * Whether the files are a beginning of this log: their first and their last event are there, at the same positions and with
 * the same hashes. Hashes are chained through every stream, and no event but these can be at these positions.
 * False for the journal of another log, of a log that was moved to other positions, or of one that was set back.
 */
export async function agrees(
  view: FolderView,
  log: Pick<EventLog, 'subscribe'>,
  signal: AbortSignal,
): Promise<boolean> {
  for (const [after, kept] of await ends(view)) {
    const there = await firstEventAfter(log, after, signal);
    signal.throwIfAborted();
    if (!there || !isSame(kept, there)) return false;
  }
  return true;
}

const isSame = (a: Recorded, b: Recorded): boolean =>
  a.position === b.position && a.eventId === b.eventId && a.stream === b.stream && a.metadata.hash === b.metadata.hash;

/** The first and the last event of the files, each with the position before it. */
async function ends(view: FolderView): Promise<[Position | 'start', Recorded][]> {
  const found: [Position | 'start', Recorded][] = [];
  for await (const columns of batchesAfter(view, 'start')) {
    found.push(['start', recordedAt(columns, 0)]);
    break;
  }
  const end = await lastBatch(view);
  if (end) {
    const { columns, before } = end;
    const last = columns.events - 1;
    found.push([last > 0 ? positionAt(columns, last - 1) : before, recordedAt(columns, last)]);
  }
  return found;
}

async function firstEventAfter(
  log: Pick<EventLog, 'subscribe'>,
  after: Position | 'start',
  signal: AbortSignal,
): Promise<Recorded | undefined> {
  const enough = new AbortController();
  try {
    const messages = log.subscribe({ after, signal: AbortSignal.any([signal, enough.signal]) });
    for await (const message of messages) {
      if (message.kind === 'event') return message.event;
      if (message.kind === 'caught-up') return undefined;
    }
    return undefined;
  } finally {
    enough.abort();
  }
}
