import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type EdgeProblemCode, Problem } from '../problems.ts';
import { answerProblem, asProblem, problemDocument } from './answers.ts';
import { traceIdOf } from './trace.ts';

/** Requests that fail before there is a route: bad addresses, and bytes that are no HTTP. */

export function answerFrameworkError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  answerProblem(asProblem(error, request), error, request, reply);
}

export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
  const code: EdgeProblemCode = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request-timeout' : 'malformed-request';
  const body = JSON.stringify(problemDocument(new Problem(code), undefined, traceIdOf(undefined)));
  const status = code === 'request-timeout' ? '408 Request Timeout' : '400 Bad Request';
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
