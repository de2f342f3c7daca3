import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { partPath, segmentName, segmentPath } from './places.ts';
import { sha256Of } from './sha256.ts';
import { batchesAfter, DamagedSegment, type FolderView } from './view.ts';

/** What was found about one segment. */
export interface Finding {
  /** Name of its file; of the one that is not sealed yet, the name that it will have. */
  readonly segment: string;
  /** Counted from 1. */
  readonly number: number;
  readonly events: number;
  readonly ok: boolean;
  /** Why it is not what it should be. */
  readonly why?: string;
}

/** Reads every byte: sealed segments against their SHA-256, the open one against the checksums of its batches. */
export async function* inspect(view: FolderView): AsyncGenerator<Finding, void> {
  for (const [index, { name, events, sha256 }] of view.segments.entries()) {
    const why = await differs(segmentPath(view.directory, name), sha256);
    yield { segment: name, number: index + 1, events, ok: why === undefined, ...(why !== undefined && { why }) };
  }
  if (!view.part) return;
  const { number, contents } = view.part;
  const what = {
    segment: segmentName(number),
    number,
    events: contents.batches.reduce((n, { events }) => n + events, 0),
  };
  try {
    for await (const _ of batchesAfter({ ...view, segments: [] }, 'start'));
    yield { ...what, ok: true };
  } catch (error) {
    if (!(error instanceof DamagedSegment)) throw error;
    yield { ...what, ok: false, why: error.message };
  }
}

async function differs(path: string, sha256: string): Promise<string | undefined> {
  try {
    const found = await sha256Of(path);
    return found === sha256 ? undefined : `its SHA-256 is ${found} instead of ${sha256}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'it is missing';
    throw error;
  }
}

/** One segment after another, with long pauses, each once; for as long as the signal lets it. */
export async function patrol(
  view: () => FolderView,
  pauseMs: number,
  signal: AbortSignal,
  onFinding: (finding: Finding) => void,
): Promise<void> {
  for (let number = 1; ; ) {
    try {
      await sleep(pauseMs, undefined, { signal, ref: false });
    } catch {
      return; // the signal aborted
    }
    const { directory, segments } = view();
    const entry = segments[number - 1];
    if (!entry) continue;
    for await (const finding of inspect({ directory, segments: [entry], part: undefined })) {
      onFinding({ ...finding, number });
    }
    number += 1;
  }
}

/** Bytes after the last whole batch of the open segment: torn, or being written just now. */
export async function tornBytes({ directory, segments, part }: FolderView): Promise<number> {
  try {
    const { size } = await stat(partPath(directory, segments.length + 1));
    return size - (part?.contents.end ?? 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
