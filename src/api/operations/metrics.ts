import { collectDefaultMetrics, Gauge } from 'prom-client';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';

/** GET /metrics: what all rooms registered, progress of the read models, and the process itself. */
export function metricsRoute(app: Api, deps: ApiDependencies): void {
  const { metrics: registry } = deps;
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'orderfold_projection_lag_seconds',
    help: 'How far a read model is behind the log',
    labelNames: ['projection', 'state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const state of deps.runner.states()) {
        this.set({ projection: state.name, state: state.state }, state.lagSeconds);
      }
    },
  });
  journalMetrics(deps);
  app.get(
    '/metrics',
    { config: { action: 'metrics.read' }, schema: { tags: ['operations'], summary: 'Metrics for Prometheus' } },
    async (_request, reply) => {
      reply.header('content-type', registry.contentType);
      return registry.metrics();
    },
  );
}

/** What the journal holds and whether it keeps up with the log; nothing where none is kept. */
function journalMetrics({ metrics: registry, journal }: ApiDependencies): void {
  const numbers = {
    segments: 'Sealed segments of the journal',
    events: 'Events that the journal has',
    bytes: 'Size of the files of the journal',
    eventsInMemory: 'Events of the journal that are in no file yet',
  } as const;
  for (const [name, help] of Object.entries(numbers) as [keyof typeof numbers, string][])
    new Gauge({
      name: `orderfold_journal_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
      help,
      registers: [registry],
      collect() {
        this.reset();
        const standing = journal.standing();
        if (standing) this.set(standing[name]);
      },
    });
  new Gauge({
    name: 'orderfold_journal_state',
    help: '1 for what the journal does: live, catching-up, checking, reading (another process writes it), retrying, stopped',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.reset();
      const standing = journal.standing();
      if (standing) this.set({ state: standing.state.kind }, 1);
    },
  });
}
