import { DirectoryInUse, lockDirectory } from '../../database/embedded/lock.ts';
import type { Position, Recorded } from '../../events/envelope.ts';
import type { EventLog } from '../../events/log/port.ts';
import type { EventColumns } from './columns.ts';
import { defaultLimits, type JournalLimits } from './limits.ts';
import type { Manifest } from './manifest.ts';
import { readerOf } from './reader.ts';
import type { JournalStanding } from './standing.ts';
import type { Finding } from './verify.ts';
import { writerOf } from './writer.ts';

export interface JournalOptions {
  readonly log: EventLog;
  /** Made when it is not there. One process writes it at a time; others read it meanwhile. */
  readonly directory: string;
  readonly report: (problem: { message: string; error?: unknown }) => void;
  /**
   * What to do with the folder. `follow`: write the log into it, or read it while another process writes. `own`: write it, and
   * reject with DirectoryInUse while another process does. `read`: only read it.
   */
  readonly mode?: 'follow' | 'own' | 'read';
  /** Told after every piece that was taken in and when the state changes. */
  readonly onProgress?: (standing: JournalStanding) => void;
  readonly limits?: Partial<JournalLimits>;
  /** Milliseconds before the first retry of what failed. */
  readonly retryMs?: number;
  /** Milliseconds between the sealed segments that are read in the background, each once, to see whether they are whole. */
  readonly patrolMs?: number;
}

/**
 * The log as columns in local files, with everything that an event carries: to be folded, exported, and replayed into read
 * models. Derived from the log and never asked instead of it: what it does not have yet, or cannot read, comes from the log.
 */
export interface Journal extends Pick<EventLog, 'subscribe'> {
  /**
   * The events after a position up to another (inclusive; default: the last one that the journal has now), exactly as the log
   * gives them. Ends earlier where the log ends.
   */
  read(after: Position | 'start', upTo?: Position | 'start', signal?: AbortSignal): AsyncIterable<Recorded>;
  /** What the journal has now after a position, in batches that may begin before it; nothing is parsed. Throws DamagedSegment. */
  columns(after: Position | 'start'): AsyncIterable<EventColumns>;
  /** The sealed segments. */
  manifest(): Manifest;
  /** Path of the file of a segment that the manifest names. */
  fileOf(segment: string): string;
  /** Of the last event that the journal has. */
  readonly position: Position | 'start';
  standing(): JournalStanding;
  /** Resolves when the journal has what the log has; where another process writes it, at once. */
  caughtUp(): Promise<void>;
  /** Reads every byte of every file. What is damaged is written again, if this process writes the journal. */
  verify(): AsyncIterable<Finding>;
  /** Throws away what there is and writes it again from the log; resolves when that is done. Rejects where it is only read. */
  rebuild(): Promise<void>;
  close(): Promise<void>;
}

const defaults = { retryMs: 100, patrolMs: 600_000 };

/** Opens the journal and puts its folder in order. Rejects when the folder cannot be used at all. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { directory, mode = 'follow', log, report } = options;
  if (mode === 'read') return readerOf({ log, directory, report, state: { kind: 'stopped' } });
  let unlock: () => void;
  try {
    unlock = lockDirectory(directory);
  } catch (error) {
    if (mode === 'own' || !(error instanceof DirectoryInUse)) throw error;
    return readerOf({ log, directory, report, state: { kind: 'reading', because: error.message } });
  }
  try {
    const limits = { ...defaultLimits, ...options.limits };
    return await writerOf({ ...defaults, onProgress: () => {}, ...options, limits, unlock });
  } catch (error) {
    unlock();
    throw error;
  }
}
