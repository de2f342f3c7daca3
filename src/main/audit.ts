import type { PastEvents } from '../analytics/source.ts';
import { traceKpi } from '../analytics/trace.ts';
import { type Audit, openAudit } from '../audit/audit.ts';
import { projections } from '../projections/all.ts';
import { createTieReader } from '../projections/ties.ts';
import type { House } from './compose.ts';

/** History, past and reasons, over the log and the read models of the house. */
export const auditOf = (
  { log, database, clock }: Pick<House, 'log' | 'database' | 'clock'>,
  archive: PastEvents,
): Audit =>
  openAudit({
    log,
    archive,
    ties: createTieReader(database.reader),
    models: projections,
    traceKpi: (events, question) => traceKpi(events, question, clock),
  });
