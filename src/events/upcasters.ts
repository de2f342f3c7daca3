import { catalog } from './catalog/index.ts';
import type { Recorded } from './envelope.ts';

export type Upcaster = (data: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** One step per old schema version: `'OrderStarted@1'` turns version 1 data into version 2. */
export type Steps = Readonly<Record<string, Upcaster>>;

/** Recorded events are never rewritten; old versions are lifted on every read. */
export const steps: Steps = {};

/**
 * Lifts an event step by step to the current schema version of its type; current versions pass untouched. An event of a
 * version that no step leads on from stays as it is, for the schema to refuse.
 */
export function upcasterOf(
  steps: Steps,
  currentVersion: (type: string) => number | undefined,
): (event: Recorded) => Recorded {
  return (event) => {
    const current = currentVersion(event.type);
    let version = event.metadata.schemaVersion;
    if (current === undefined || version === current) return event;
    let data = event.data as Readonly<Record<string, unknown>>;
    for (; version < current; version += 1) {
      const step = steps[`${event.type}@${version}`];
      if (!step) break;
      data = step(data);
    }
    return { ...event, data, metadata: { ...event.metadata, schemaVersion: version } };
  };
}

export const upcast = upcasterOf(steps, (type) => catalog.get(type)?.schemaVersion);
