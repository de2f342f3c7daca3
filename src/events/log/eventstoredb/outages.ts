import {
  CancelledError,
  DeadlineExceededError,
  NotLeaderError,
  TimeoutError,
  UnavailableError,
} from '@eventstore/db-client';
import { LogUnavailable } from '../port.ts';

/** A call ended without saying so. */
export class CallCut extends Error {
  override readonly name = 'CallCut';
}

const kinds = [CallCut, CancelledError, DeadlineExceededError, NotLeaderError, TimeoutError, UnavailableError];
/** gRPC: cancelled, deadline exceeded, resource exhausted, unavailable. The client does not translate all of them. */
const statuses: ReadonlySet<unknown> = new Set([1, 4, 8, 14]);

/** LogUnavailable in place of what the client throws when the server is away; any other error as it is. */
export function asOutage(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const outage = kinds.some((kind) => error instanceof kind) || ('code' in error && statuses.has(error.code));
  return outage ? new LogUnavailable(`EventStoreDB cannot be reached: ${error.message}`, { cause: error }) : error;
}
