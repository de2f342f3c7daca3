import { randomBytes } from 'node:crypto';

/** W3C Trace Context: the trace id of the caller, or a new one. It is the request id and the correlation id of the events. */

const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/;
const invalid = '0'.repeat(32);

/** Random per process, counted within: unique without asking for randomness on every request. */
const prefix = randomBytes(10).toString('hex');
let count = 0;

export function traceIdOf(header: string | string[] | undefined): string {
  const given = typeof header === 'string' ? traceparent.exec(header)?.[1] : undefined;
  if (given !== undefined && given !== invalid) return given;
  count += 1;
  return prefix + count.toString(16).padStart(12, '0');
}
