import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { KpiAnswer, KpiRequest } from '../../analytics/query/answer.ts';
import type { Position } from '../../events/envelope.ts';
import { canonicalJson } from '../../values/canonical-json.ts';
import { sha256Hex } from '../../values/digest.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { checkpointOf, watchMoves } from '../http/checkpoints.ts';
import { liveStreams } from '../http/live-streams.ts';
import { positionOf } from '../http/positions.ts';
import type { RecentAnswers } from './answers.ts';
import { withLinks } from './links.ts';
import { questionOfQuery, questionParameters } from './questions.ts';

/**
 * What happens is gathered so long before a question is asked again: at least a second, and longer where answers take long, so
 * that many streams share a tenth of the time.
 */
const gatherFor = (answerMs: number): number => Math.min(30_000, Math.max(1_000, 10 * answerMs));

/** Any read model: it tells that the log has moved on. */
const watched = 'kpi';

const { asOf: _asOf, compare: _compare, ...parameters } = questionParameters;

/**
 * GET /v1/analytics/live: KPIs whenever they change, as server-sent events. Each carries the whole answer: who is slow skips
 * those in between, and nothing is computed while a socket is full.
 */
export function kpiLiveRoute(
  app: Api,
  deps: ApiDependencies,
  recent: RecentAnswers,
  keyHolds: (request: FastifyRequest) => Promise<boolean>,
): void {
  const streams = liveStreams(app, deps.settings.maxLiveKpis);
  app.get(
    '/v1/analytics/live',
    {
      exposeHeadRoute: false,
      config: { action: 'analytics.read' },
      schema: {
        tags: ['analytics'],
        summary: 'KPIs whenever they change (server-sent events)',
        querystring: Type.Object(parameters, { additionalProperties: false }),
      },
    },
    async (request, reply) => {
      const seen = request.headers['last-event-id'];
      if (seen !== undefined && seen !== '') positionOf(String(seen));
      const question = questionOfQuery(request.query);
      // A question that cannot be asked is refused before the stream begins.
      const first = await recent.answer(question);
      return streams.open(reply, (signal) => messages(deps, recent, question, first, () => keyHolds(request), signal));
    },
  );
}

async function* messages(
  deps: ApiDependencies,
  recent: RecentAnswers,
  question: KpiRequest,
  first: KpiAnswer,
  keyHolds: () => Promise<boolean>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { heartbeatMs } = deps.settings;
  const moves = watchMoves(deps.runner, watched, signal);
  let answer = first;
  let shown = '';
  let checkedAt = performance.now();
  let gatherMs = gatherFor(0);
  yield 'retry: 2000\n\n';
  while (!signal.aborted) {
    const numbers = numbersOf(answer);
    if (numbers !== shown) {
      yield message(question, answer);
      shown = numbers;
    }
    if (performance.now() - checkedAt >= heartbeatMs) {
      if (!(await keyHolds())) return;
      checkedAt = performance.now();
    }
    const moved = await moves.next({ gatherMs, timeoutMs: heartbeatMs });
    if (signal.aborted) return;
    if (!moved) yield ': heartbeat\n\n';
    moves.looking();
    await caughtUp(deps, signal);
    const askedAt = performance.now();
    answer = await recent.answer(question);
    gatherMs = gatherFor(performance.now() - askedAt);
  }
}

/** The facts follow the log on their own; they are asked when they are as far as the read model that told of the move. */
async function caughtUp({ analytics, runner }: ApiDependencies, signal: AbortSignal): Promise<void> {
  const position: Position | 'start' | undefined = checkpointOf(runner, watched);
  if (position !== undefined && position !== 'start') await analytics.waitFor(position, { timeoutMs: 1_000, signal });
}

const numbersOf = ({ rows, on }: KpiAnswer): string => sha256Hex(canonicalJson([rows, on]));

function message(question: KpiRequest, answer: KpiAnswer): string {
  const id = answer.position === 'start' ? '' : `id: ${answer.position}\n`;
  return `${id}event: kpis\ndata: ${JSON.stringify(withLinks(question, answer))}\n\n`;
}
