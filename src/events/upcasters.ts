import { catalog } from './catalog/index.ts';
import type { Recorded } from './envelope.ts';

type Upcaster = (data: Record<string, unknown>) => Record<string, unknown>;

/**
 * One step per old schema version: `'OrderStarted@1'` turns version 1 data into version 2.
 * Recorded events are never rewritten; old versions are lifted on every read.
 */
const steps: Readonly<Record<string, Upcaster>> = {};

/** Lifts an event step by step to the schema version of the catalogue; current versions pass untouched. */
export function upcast(event: Recorded): Recorded {
  const current = catalog.get(event.type)?.schemaVersion;
  let version = event.metadata.schemaVersion;
  if (current === undefined || version === current) return event;
  let data = event.data as Record<string, unknown>;
  for (; version < current; version += 1) {
    const step = steps[`${event.type}@${version}`];
    if (!step) break;
    data = step(data);
  }
  return { ...event, data, metadata: { ...event.metadata, schemaVersion: version } };
}
