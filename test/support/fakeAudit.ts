import { pastOf } from '../../src/analytics/source.ts';
import { traceKpi } from '../../src/analytics/trace.ts';
import { type Audit, openAudit } from '../../src/audit/audit.ts';
import { projections } from '../../src/projections/all.ts';
import { type MemoryLog, memoryLog } from './memory-log.ts';
import { memoryTies } from './memory-ties.ts';

/** The real thing over a log in memory; empty if none is given. */
export const fakeAudit = (log: MemoryLog = memoryLog()): Audit =>
  openAudit({
    log,
    archive: pastOf(log),
    ties: memoryTies(log),
    models: projections,
    traceKpi: (events, question) => traceKpi(events, question, () => '2026-06-01T12:00:00.000Z'),
  });
