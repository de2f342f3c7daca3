/** The registry of problem codes (RFC 9457): everything that an answer of 4xx or 5xx can say. */

import { refusals } from '../commands/refusals.ts';

export interface ProblemType {
  readonly status: number;
  readonly title: string;
  /** What to do about it. */
  readonly help: string;
}

const edge = {
  'malformed-request': { status: 400, title: 'The request could not be read', help: 'Send well-formed HTTP and JSON.' },
  'invalid-request': {
    status: 400,
    title: 'The request does not fit its schema',
    help: 'Each entry of `errors` names the place (JSON pointer) and what is expected there. The schemas are in /openapi.json.',
  },
  'missing-idempotency-key': {
    status: 400,
    title: 'Idempotency-Key is missing',
    help: 'Send a header `Idempotency-Key` with 1 to 255 visible characters, new for every command and the same for every repeat of it.',
  },
  'malformed-idempotency-key': {
    status: 400,
    title: 'Idempotency-Key is not valid',
    help: 'Use 1 to 255 visible ASCII characters, bare or in double quotes.',
  },
  'malformed-if-match': {
    status: 400,
    title: 'If-Match is not valid',
    help: 'Send one strong entity tag as it came in ETag, e.g. `"4"`, or `*` to accept any version. Weak tags never match.',
  },
  'malformed-position': {
    status: 400,
    title: 'The log position is not valid',
    help: 'Send `Orderfold-Min-Position` or `Last-Event-ID` exactly as the service gave it.',
  },
  'malformed-cursor': {
    status: 400,
    title: 'The cursor is not valid',
    help: 'Follow the `Link` of the page before, with the same filters, or start again without a cursor.',
  },
  unauthenticated: {
    status: 401,
    title: 'A valid API key is needed',
    help: 'Send `Authorization: Bearer <key>`. The key may be missing, mistyped, expired or revoked.',
  },
  forbidden: {
    status: 403,
    title: 'The key does not allow this',
    help: 'Use a key whose role and scopes allow the action.',
  },
  'not-found': {
    status: 404,
    title: 'There is nothing here',
    help: 'Check the address. The addresses are listed at /docs.',
  },
  'person-unknown': {
    status: 404,
    title: 'Unknown person',
    help: 'Check the id of the person: nothing is kept about anybody of this id.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The method is not allowed here',
    help: 'Use one of the methods in `Allow`.',
  },
  'not-acceptable': {
    status: 406,
    title: 'The answer cannot be written in the format that was asked for',
    help: 'Send one of the media types in `offered` in `Accept`, or its name as `?format=`.',
  },
  'too-many-watches': {
    status: 409,
    title: 'Too many watches',
    help: 'Remove a watch that nobody needs, or watch by a wider question.',
  },
  'not-under-checkpoint': {
    status: 409,
    title: 'No checkpoint covers this yet',
    help: 'Ask again after the next checkpoint, or have one signed: POST /v1/audit/checkpoints.',
  },
  'tree-inconsistent': {
    status: 409,
    title: 'The log is not what was signed before',
    help: 'Nothing is signed or proven until it is known what was changed: run `orderfold verify`.',
  },
  'rebuild-running': {
    status: 409,
    title: 'A rebuild is running',
    help: 'One runs at a time. GET /v1/audit/rebuilds tells how far it is.',
  },
  'nothing-built': {
    status: 409,
    title: 'Nothing is built beside the read model',
    help: 'Build and compare it first, with the step `compare`.',
  },
  'no-previous-generation': {
    status: 409,
    title: 'There is no generation to go back to',
    help: 'None was kept, or it was made of another log; rebuild the read model instead.',
  },
  'not-first-parked': {
    status: 409,
    title: 'Another event waits first',
    help: 'Only the first event that waits can be skipped; `firstRevision` names it.',
  },
  'configuration-invalid': {
    status: 422,
    title: 'The options do not go together',
    help: 'Each entry of `errors` names a line and a rule. POST /v1/configurations tells what would mend it.',
  },
  'no-price': {
    status: 422,
    title: 'There is no price',
    help: 'Each entry of `errors` names a line and what is missing: an item, a price list, a unit, a rate or a weight.',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is too large',
    help: 'Send less at once; `detail` says how much is allowed.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body is not JSON',
    help: 'Send `Content-Type: application/json`.',
  },
  'range-not-satisfiable': {
    status: 416,
    title: 'There are no bytes in that range',
    help: 'Ask for bytes below the size in `Content-Range`, or for everything without `Range`.',
  },
  'missing-if-match': {
    status: 428,
    title: 'If-Match is missing',
    help: 'Send the ETag of the order you decided on in `If-Match`, or `*` to accept any version.',
  },
  'too-many-requests': { status: 429, title: 'Too many requests', help: 'Wait as many seconds as `Retry-After` says.' },
  'internal-error': {
    status: 500,
    title: 'Something failed inside',
    help: 'Report the `traceId`; the cause is in the log.',
  },
  'access-not-recorded': {
    status: 503,
    title: 'The access could not be recorded',
    help: 'What says something about persons, and evidence, is given out only when the access log has it. Repeat later.',
  },
  'erasure-not-recorded': {
    status: 503,
    title: 'The erasure could not be recorded',
    help: 'Nothing was destroyed yet. Repeat the request; it goes on where it ended.',
  },
  'database-unavailable': {
    status: 503,
    title: 'The database cannot be reached',
    help: 'Repeat the request later, with the same Idempotency-Key: nothing is done twice.',
  },
  'projection-lagging': {
    status: 503,
    title: 'The read model has not reached the wanted position',
    help: 'Repeat the read later, or wait longer with `Prefer: wait=<seconds>`.',
  },
  'format-not-installed': {
    status: 501,
    title: 'This installation cannot write the format',
    help: 'Ask for another format, or have the optional package installed that `detail` names.',
  },
  'tree-not-ready': {
    status: 503,
    title: 'The tree over the log does not have what the log has',
    help: 'Repeat later. If it stays so, the log of the service says why.',
  },
  overloaded: { status: 503, title: 'The service is overloaded', help: 'Repeat later, as `Retry-After` says.' },
  'not-ready': { status: 503, title: 'The service is not ready', help: '`checks` says what is missing.' },
  'request-timeout': {
    status: 408,
    title: 'The request took too long',
    help: 'Send the whole request without pauses.',
  },
} as const satisfies Record<string, ProblemType>;

/** Every code, of the edge and of the decisions behind it. */
export const problemTypes: ReadonlyMap<string, ProblemType> = new Map<string, ProblemType>([
  ...Object.entries(edge),
  ...Object.entries(refusals),
]);

export type EdgeProblemCode = keyof typeof edge;

export interface ProblemDetails {
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  readonly headers?: Readonly<Record<string, string>>;
  /** More members of the problem document, e.g. currentVersion. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** Thrown anywhere at the edge; answered once, in answers.ts. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: string;
  readonly type: ProblemType;
  readonly details: ProblemDetails;

  constructor(code: EdgeProblemCode | { readonly refusal: string }, details: ProblemDetails = {}) {
    const word = typeof code === 'string' ? code : code.refusal;
    super(details.detail ?? word);
    this.code = word;
    this.type = problemTypes.get(word) ?? edge['internal-error'];
    this.details = details;
  }
}
