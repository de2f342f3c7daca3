import type { Audit } from './audit.ts';

/** The same audit, every answer of which passes a door before it is given out. */
export function shownAudit(audit: Audit, show: <Answer>(answer: Answer) => Promise<Answer>): Audit {
  return {
    readModels: audit.readModels,
    history: async (...asked) => show(await audit.history(...asked)),
    orderAt: async (...asked) => show(await audit.orderAt(...asked)),
    difference: async (...asked) => show(await audit.difference(...asked)),
    explainKpi: async (...asked) => show(await audit.explainKpi(...asked)),
    rowAt: async (...asked) => show(await audit.rowAt(...asked)),
    explainField: async (...asked) => show(await audit.explainField(...asked)),
    explore: async (...asked) => show(await audit.explore(...asked)),
  };
}
