import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCommandHandler } from '../../src/commands/handle.ts';
import type { Recorded } from '../../src/events/envelope.ts';
import type { EventLog } from '../../src/events/log/port.ts';
import { type ImportRequest, importHistory } from '../../src/import/import-history.ts';
import { parseMapping } from '../../src/import/mapping/read-mapping.ts';

/** A folder for the files of one test, deleted by `remove`. */
export function fileFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'orderfold-import-'));
  return {
    write(name: string, content: string | Buffer): string {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    path: (name: string): string => join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export const clock = (): string => '2026-06-01T12:00:00.000Z';

/** Runs an import into a log, with a command handler that knows nothing yet, as after a restart. */
export function importInto(log: EventLog, mapping: object, request: Omit<ImportRequest, 'mapping'>) {
  const handler = createCommandHandler({ log, clock });
  return importHistory({ handler, log, clock }, { ...request, mapping: mappingOf(mapping) });
}

export const mappingOf = (mapping: object) => parseMapping(JSON.stringify(mapping), 'mapping.json');

/** One digest over all streams, whatever their order in the log. */
export function streamsDigest(events: readonly Recorded[]): string {
  const last = new Map(events.map((event) => [event.stream, `${event.revision} ${event.metadata.hash}`]));
  const lines = [...last].map(([stream, head]) => `${stream} ${head}`).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** The log of a process that is killed at the n-th append, just before or just after it was recorded. */
export function killedAt(log: EventLog, append: number, when: 'before' | 'after'): EventLog {
  let appends = 0;
  return {
    ...log,
    async append(stream, events, options) {
      appends += 1;
      if (appends > append || (appends === append && when === 'before')) throw new Killed();
      const outcome = await log.append(stream, events, options);
      if (appends >= append) throw new Killed();
      return outcome;
    },
  };
}

export class Killed extends Error {
  override readonly name = 'Killed';
}
