import type { Refusal } from '../../commands/decider.ts';
import type { CommandHandler, CommandMeta } from '../../commands/handle.ts';
import { quarantineAggregate } from '../../commands/quarantine/aggregate.ts';
import type { Database } from '../../database/database.ts';
import type { Recorded } from '../../events/envelope.ts';
import type { EventLog } from '../../events/log/port.ts';
import { orderNumbersOf } from '../order-numbers.ts';
import type { Projection } from '../projection.ts';
import { readableShapes } from '../schema.ts';
import { listParked, type ParkedStream } from './parked.ts';
import { type Repair, retryParked } from './repair.ts';

/** A parked stream and what waits because of it. */
export interface Blocked extends ParkedStream {
  /** Tables whose rows of this stream are as of the event before the first that waits. */
  readonly tables: readonly string[];
  /** Number of the order whose rows are stale, where the stream is one of an order. */
  readonly orderNo?: string;
}

export interface BlockedDetail extends Blocked {
  /** The first event that waits, as the log has it. */
  readonly event: Recorded | undefined;
}

export type Skipping =
  | Repair
  /** Only the first event that waits can be skipped: what comes after it was not tried yet. */
  | { readonly kind: 'not-first'; readonly firstRevision: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface SkipRequest {
  readonly projection: string;
  readonly stream: string;
  readonly revision: number;
  readonly reason: string;
}

/** What could not be folded, and what people do about it. */
export interface QuarantineDesk {
  list(): Promise<readonly Blocked[]>;
  find(projection: string, stream: string): Promise<BlockedDetail | undefined>;
  /** Folds what waits again, in order, e.g. after the program was fixed. */
  retry(projection: string, stream: string): Promise<Repair>;
  /** Records that the read model leaves the event out, and folds what came after it. Rebuilds leave it out too. */
  skip(request: SkipRequest, meta: Omit<CommandMeta, 'commandId'> & { readonly commandId: string }): Promise<Skipping>;
}

export interface DeskOptions {
  readonly database: Database;
  readonly log: Pick<EventLog, 'readStream'>;
  readonly handler: Pick<CommandHandler, 'execute'>;
  readonly projections: readonly Projection[];
}

export function openQuarantineDesk({ database, log, handler, projections }: DeskOptions): QuarantineDesk {
  const named = (name: string): Projection | undefined => projections.find((one) => one.name === name);

  const list = async (): Promise<readonly Blocked[]> => {
    const parked = await listParked(database);
    const numbers = await orderNumbersOf(
      database,
      parked.flatMap(({ stream }) => orderIdIn(stream)),
    );
    return parked.map((one) => {
      const projection = named(one.projection);
      const orderNo = orderIdIn(one.stream).map((id) => numbers.get(id))[0];
      return {
        ...one,
        tables: projection ? readableShapes(projection).map(({ name }) => name) : [],
        ...(orderNo !== undefined && { orderNo }),
      };
    });
  };
  const find = async (projection: string, stream: string): Promise<BlockedDetail | undefined> => {
    const one = (await list()).find((parked) => parked.projection === projection && parked.stream === stream);
    return one && { ...one, event: await eventAt(log, stream, one.firstRevision) };
  };
  const retry = async (name: string, stream: string): Promise<Repair> => {
    const projection = named(name);
    return projection ? retryParked({ database, log, projection, stream }) : { kind: 'not-parked' };
  };
  return {
    list,
    find,
    retry,
    async skip({ projection, stream, revision, reason }, meta) {
      const parked = await find(projection, stream);
      if (!parked) return { kind: 'not-parked' };
      if (parked.firstRevision !== revision) return { kind: 'not-first', firstRevision: parked.firstRevision };
      const eventType = parked.event?.type ?? 'unknown';
      const body = { projection, stream, revision, eventType, reason };
      const outcome = await handler.execute(quarantineAggregate, projection, { kind: 'skip', body }, meta);
      if (outcome.kind === 'refused') return { kind: 'refused', refusal: outcome.refusal };
      return retry(projection, stream);
    },
  };
}

const orderIdIn = (stream: string): string[] => (stream.startsWith('order-') ? [stream.slice('order-'.length)] : []);

async function eventAt(
  log: Pick<EventLog, 'readStream'>,
  stream: string,
  revision: number,
): Promise<Recorded | undefined> {
  for await (const event of log.readStream(stream, { after: revision - 1, upTo: revision })) return event;
  return undefined;
}
