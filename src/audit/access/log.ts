import { randomUUID } from 'node:crypto';
import { accessAggregate } from '../../commands/access/aggregate.ts';
import type { CommandHandler } from '../../commands/handle.ts';
import { batched } from '../../database/batching.ts';
import type { AccessFact } from '../../events/catalog/index.ts';

/**
 * Keeps who read what in the log of record. Resolves when it is there: who answers after that gives out nothing that is not
 * recorded, and a crash loses nothing. Reads that come together share one append. Rejects with AccessNotRecorded.
 */
export interface AccessLog {
  record(read: AccessFact): Promise<void>;
}

/** The log did not take it: what was asked for is not to be given out. */
export class AccessNotRecorded extends Error {
  override readonly name = 'AccessNotRecorded';
  readonly code = 'access-not-recorded';
}

export interface AccessLogOptions {
  readonly handler: Pick<CommandHandler, 'execute'>;
  readonly clock: () => string;
}

const mostInOneAppend = 200;
const actor = { kind: 'system', id: 'access-log', via: 'process' } as const;

export function createAccessLog({ handler, clock }: AccessLogOptions): AccessLog {
  const writer = randomUUID();
  const record = batched<AccessFact, undefined>(
    async (reads) => {
      const stream = `${clock().slice(0, 10)}-${writer}`;
      const meta = { commandId: randomUUID(), actor };
      const outcome = await handler.execute(accessAggregate, stream, { kind: 'record', reads }, meta);
      if (outcome.kind === 'refused')
        throw new AccessNotRecorded(`The access could not be recorded: ${outcome.refusal.message}`);
      return reads.map(() => undefined);
    },
    { max: mostInOneAppend },
  );
  return { record };
}
