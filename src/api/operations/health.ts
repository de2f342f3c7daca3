import { Type } from 'typebox';
import type { ProjectionStanding } from '../../projections/runner.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { problemDocument } from '../http/answers.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { Problem } from '../problems.ts';

const tags = ['operations'];
const patienceMs = 2_000;

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly [detail: string]: unknown;
}

/** /healthz: the process answers. /readyz: it can do its work; false from the moment it is asked to stop. */
export function healthRoutes(app: Api, deps: ApiDependencies): void {
  let stopping = false;
  let running: Promise<readonly Check[]> | undefined;
  app.addHook('preClose', (done) => {
    stopping = true;
    done();
  });
  const config = { action: 'public', unlimited: true } as const;
  const answer = Type.Object({ status: Type.String({ maxLength: 20 }) }, { additionalProperties: true });

  app.get(
    '/healthz',
    { config, schema: { tags, summary: 'The process is alive', security: [], response: answers(answer) } },
    async () => ({ status: 'ok' }),
  );

  app.get(
    '/readyz',
    {
      config,
      schema: { tags, summary: 'Ready to serve, with what was checked', security: [], response: answers(answer) },
    },
    async (request, reply) => {
      // Needs no key and is not limited: whoever asks meanwhile gets the same answer.
      running ??= checksOf(deps, stopping).finally(() => {
        running = undefined;
      });
      const checks = await running;
      reply.header('cache-control', 'no-store');
      if (checks.every((check) => check.ok)) return { status: 'ready', checks };
      const problem = new Problem('not-ready', { members: { checks } });
      reply.code(503).headers({ 'retry-after': '1', 'content-type': 'application/problem+json; charset=utf-8' });
      return JSON.stringify(problemDocument(problem, request.url, request.id));
    },
  );
}

const checksOf = (deps: ApiDependencies, stopping: boolean): Promise<readonly Check[]> =>
  Promise.all([
    reachable(deps, 'database', () => deps.database.query({ text: 'select 1 as one' })),
    reachable(deps, 'log', () => deps.log.head()),
    ...deps.runner.states().map((state) => projectionCheck(state, deps.settings.maxLagSeconds)),
    ...journalCheck(deps),
    { name: 'prepared', ok: deps.prepared() },
    { name: 'accepting', ok: !stopping },
  ]);

/** Told, and never a reason not to serve: what the journal lacks is read from the log. */
function journalCheck({ journal }: ApiDependencies): readonly Check[] {
  const standing = journal.standing();
  return standing ? [{ name: 'journal', ok: true, state: standing.state.kind }] : [];
}

/** Why something cannot be reached goes into the log, not into the answer: readyz needs no key. */
async function reachable({ logger }: ApiDependencies, name: string, ask: () => Promise<unknown>): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${patienceMs} ms`)), patienceMs);
  });
  try {
    await Promise.race([ask(), timeout]);
    return { name, ok: true };
  } catch (err) {
    logger.warn({ err }, `not ready: ${name}`);
    return { name, ok: false };
  } finally {
    clearTimeout(timer);
  }
}

const serving: ReadonlySet<string> = new Set<ProjectionStanding['state']>(['live', 'quarantined', 'catching-up']);

/** Lag is what makes it unready, not the word; causes of failures are for the log. */
function projectionCheck(standing: ProjectionStanding, maxLagSeconds: number): Check {
  const { name, state, position, lagSeconds, lagEvents, stalled, parkedStreams } = standing;
  const ok = serving.has(state) && lagSeconds <= maxLagSeconds;
  return { name: `projection ${name}`, ok, state, position, lagSeconds, lagEvents, stalled, parkedStreams };
}
