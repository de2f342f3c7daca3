import type { Position } from '../../events/envelope.ts';
import { eventsIn, type FolderView } from './view.ts';

/** What the journal is doing. */
export type JournalState =
  /** Not following the log; the files can be read. */
  | { readonly kind: 'stopped' }
  /** Another process writes the files: this one reads them. */
  | { readonly kind: 'reading'; readonly because: string }
  /** Comparing the files with the log. */
  | { readonly kind: 'checking' }
  | { readonly kind: 'catching-up' }
  | { readonly kind: 'live' }
  /** Interrupted; tries again by itself after `delayMs`. */
  | { readonly kind: 'retrying'; readonly attempt: number; readonly cause: string; readonly delayMs: number };

export interface JournalStanding {
  readonly state: JournalState;
  readonly directory: string;
  /** Of the last event; 'start' when there is none. */
  readonly position: Position | 'start';
  /** Events in all, and of them those that are in sealed segments and those that are in no file yet. */
  readonly events: number;
  readonly sealedEvents: number;
  readonly eventsInMemory: number;
  readonly segments: number;
  /** Of the files, in bytes. */
  readonly bytes: number;
}

export function standingOf({
  view,
  state,
  inMemory,
  position,
}: {
  readonly view: FolderView;
  readonly state: JournalState;
  readonly inMemory: number;
  readonly position: Position | 'start';
}): JournalStanding {
  const { directory, segments, part } = view;
  const sealedEvents = segments.reduce((sum, { events }) => sum + events, 0);
  return {
    state,
    directory,
    position,
    events: eventsIn(view) + inMemory,
    sealedEvents,
    eventsInMemory: inMemory,
    segments: segments.length,
    bytes: segments.reduce((sum, { bytes }) => sum + bytes, part?.contents.end ?? 0),
  };
}
