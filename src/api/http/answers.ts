import type { FastifyError, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { AccessNotRecorded } from '../../audit/access/log.ts';
import { ErasureNotRecorded } from '../../audit/erasure/erase.ts';
import { sqlState } from '../../database/errors.ts';
import { MasterKeyProblem } from '../../events/seals/problems.ts';
import { InvalidValue } from '../../values/refusal.ts';
import { type EdgeProblemCode, Problem } from '../problems.ts';
import type { Api } from './api.ts';
import { databaseUnavailable } from './outage.ts';
import { faultsOf } from './validation.ts';

/** The one place where something that went wrong becomes an answer. */
export function installAnswers(app: Api, strangers: onRequestHookHandler): void {
  app.setErrorHandler((error: FastifyError, request, reply) =>
    answerProblem(asProblem(error, request), error, request, reply),
  );
  app.setNotFoundHandler({ preHandler: strangers }, (request, reply) => {
    const problem = new Problem('not-found', { detail: 'There is no such address.' });
    return answerProblem(problem, problem, request, reply);
  });
}

export function answerProblem(
  problem: Problem,
  cause: Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  logProblem(problem, cause, request);
  if (problem.type.status === 503) reply.header('retry-after', '1');
  if (problem.details.headers) reply.headers(problem.details.headers);
  return reply
    .code(problem.type.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problemDocument(problem, request.url, request.id)));
}

export function logProblem({ type, code }: Problem, err: Error, request: FastifyRequest): void {
  if (type.status < 500) return;
  const level = code === 'internal-error' ? 'error' : 'warn';
  request.log[level]({ err, code, traceId: request.id, route: request.routeOptions.url }, code);
}

/** RFC 9457. Nothing of a failure inside goes out except its code. */
export function problemDocument(
  problem: Problem,
  instance: string | undefined,
  traceId: string,
): Record<string, unknown> {
  const { detail, errors, members } = problem.details;
  return {
    type: `/problems/${problem.code}`,
    title: problem.type.title,
    status: problem.type.status,
    code: problem.code,
    ...(detail !== undefined && { detail }),
    help: problem.type.help,
    ...(instance !== undefined && { instance: instance.split('?', 1)[0] }),
    ...(errors && { errors }),
    ...members,
    traceId,
  };
}

/** A value that passed its schema but does not exist, e.g. 30 February. */
function invalidValue({ code, message, place }: InvalidValue): Problem {
  const errors = place === undefined ? {} : { errors: [{ pointer: place, detail: message }] };
  return new Problem(code === 'malformed-cursor' ? code : 'invalid-request', { detail: message, ...errors });
}

const byFastifyCode: Readonly<Record<string, EdgeProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-request',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed-request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed-request',
  FST_ERR_BAD_URL: 'malformed-request',
};

export function asProblem(error: FastifyError, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  // The caller hung up in the middle of its body; nobody hears the answer, but it is counted.
  if (error === request.raw.errored) return new Problem('malformed-request', { detail: 'The body broke off.' });
  if (error.validation) {
    return new Problem('invalid-request', {
      detail: 'The request does not fit its schema; see errors.',
      errors: faultsOf(error.validation, error.validationContext),
    });
  }
  if (error instanceof InvalidValue) return invalidValue(error);
  if (error instanceof AccessNotRecorded || error instanceof ErasureNotRecorded) return new Problem(error.code);
  if (error instanceof MasterKeyProblem) return new Problem({ refusal: error.code });
  const code = byFastifyCode[error.code];
  if (code === 'body-too-large')
    return new Problem(code, { detail: `A body may have at most ${request.routeOptions.bodyLimit} bytes here.` });
  if (code) return new Problem(code, { detail: error.message });
  if (databaseUnavailable(error)) return new Problem('database-unavailable', { headers: { 'retry-after': '2' } });
  if (sqlState(error)?.startsWith('22')) return new Problem('invalid-request', { detail: 'A value is out of range.' });
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new Problem('malformed-request', { detail: 'The request could not be read.' });
  }
  return new Problem('internal-error');
}
