import { setImmediate as turn } from 'node:timers/promises';
import type { Position } from '../../events/envelope.ts';
import type { RawEvent } from '../../events/log/bulk.ts';
import { type Digest, digestOf } from '../digest.ts';
import { leafHash } from '../tree/hashing.ts';
import { eventsAfter, type ReadableLog } from '../tree/reading.ts';
import { Levels } from '../tree/rows.ts';
import { Chains } from './chains.ts';
import type { Finding } from './findings.ts';

export interface Scan {
  /** The tree over the log as it is. */
  readonly tree: Levels;
  /** What the events themselves show to be wrong, by position. */
  readonly byPosition: ReadonlyMap<Position, Finding>;
}

export interface ScanOptions {
  readonly log: ReadableLog;
  readonly signal: AbortSignal;
  /** Told every event after it was looked at. */
  readonly onEvents?: (events: readonly RawEvent[], done: number) => void | Promise<void>;
}

/** Reads the whole log: every content against its hash, every chain, and the tree over all of it. */
export async function scan({ log, signal, onEvents }: ScanOptions): Promise<Scan> {
  const tree = new Levels();
  const chains = new Chains();
  const byPosition = new Map<Position, Finding>();
  for await (const events of eventsAfter(log, 'start', signal)) {
    for (const event of events) {
      const finding = look(event, tree, chains);
      if (finding) byPosition.set(event.position, finding);
    }
    await onEvents?.(events, tree.length);
    await turn();
    signal.throwIfAborted();
  }
  return { tree, byPosition };
}

function look(event: RawEvent, tree: Levels, chains: Chains): Finding | undefined {
  const { stream, revision, position } = event;
  const digest = digestOf(event);
  if ('unreadable' in digest) {
    // A leaf all the same, so that the others keep their places; no event has this one.
    tree.push(leafHash(`unreadable ${position}`));
    chains.skip(event);
    const detail = `its ${digest.unreadable} cannot be read`;
    return { kind: 'unreadable', stream, revision, position, detail };
  }
  tree.push(digest.leaf);
  return chains.follow(digest) ?? strayFinding(digest);
}

function strayFinding({ strays, place: { stream, revision, position } }: Digest): Finding | undefined {
  if (strays.length === 0) return undefined;
  const detail = `the column ${strays.join(', ')} does not say what its JSON says`;
  return { kind: 'column-changed', stream, revision, position, detail };
}

/** The events at these places of the log, counted from 0, in brief. Reads the log once more, up to the last of them. */
export async function digestsAt(
  log: ReadableLog,
  wanted: ReadonlySet<number>,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Digest | RawEvent>> {
  const found = new Map<number, Digest | RawEvent>();
  let last = -1;
  for (const place of wanted) last = Math.max(last, place);
  if (last < 0) return found;
  let index = 0;
  for await (const events of eventsAfter(log, 'start', signal)) {
    for (const event of events) {
      if (wanted.has(index)) {
        const digest = digestOf(event);
        found.set(index, 'unreadable' in digest ? event : digest);
      }
      index += 1;
    }
    if (index > last) break;
    await turn();
  }
  return found;
}
