import type { Ties } from '../../src/audit/history/gather.ts';
import type { DomainEvent } from '../../src/events/decode.ts';
import { tiesProjection } from '../../src/projections/ties.ts';
import type { MemoryLog } from './memory-log.ts';

/** The index of tied streams over whatever a log in memory holds, by the projection's own handler; also of unknown types. */
export const memoryTies = (log: MemoryLog): Ties => ({
  async streamsTiedTo(ids, { known, limit }) {
    const found = new Set<string>();
    for (const id of ids) {
      const streams = rowsOf(log).filter((row) => row.id === id);
      for (const { stream } of streams.slice(0, limit)) if (!known.includes(String(stream))) found.add(String(stream));
    }
    return [...found].sort();
  },
});

function rowsOf(log: MemoryLog) {
  const { tables, handles } = tiesProjection;
  const rows = log.events.flatMap((event) => {
    const tie = handles.OrderAccepted?.(undefined, event as DomainEvent & { type: 'OrderAccepted' });
    return tables[0]?.rows(tie, undefined) ?? [];
  });
  const distinct = new Map(rows.map((row) => [`${row.id} ${row.stream}`, row]));
  return [...distinct.values()].sort((a, b) => (String(a.stream) < String(b.stream) ? -1 : 1));
}
