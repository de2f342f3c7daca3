import { basename } from 'node:path';
import { Compile } from 'typebox/compile';
import type { CommandHandler, CommandMeta } from '../commands/handle.ts';
import { orderAggregate } from '../commands/order/aggregate.ts';
import { type OrderCommand, orderCommands, type PlacementContext } from '../commands/order/commands.ts';
import type { EventLog } from '../events/log/port.ts';
import { commandIdsOf, importedOrderId } from './history/identity.ts';
import type { PlannedCommand } from './history/planned-command.ts';
import type { Reject } from './rejects.ts';
import type { HistoryRow } from './rows/history-row.ts';

/** One order, ready to be told to the command handler. */
export interface OrderStory {
  readonly importName: string;
  readonly key: string;
  readonly commands: readonly PlannedCommand[];
  readonly placement: Omit<PlacementContext, 'orderId'>;
}

export interface Telling {
  readonly handler: CommandHandler;
  readonly log: Pick<EventLog, 'readStream'>;
  /** SHA-256 of the files, by path. */
  readonly sha256: ReadonlyMap<string, string>;
  readonly signal?: AbortSignal;
}

export interface Told {
  readonly eventsAppended: number;
  /** Why the story ended early. */
  readonly refused?: Reject;
}

const validators = new Map(Object.entries(orderCommands).map(([kind, schema]) => [kind, Compile(schema)]));

/**
 * Tells an order command by command, leaving out what its stream holds already. A refused command ends the story: what
 * follows may depend on it. Stops between commands when the signal aborts; telling it again goes on from there.
 */
export async function tellOrder(story: OrderStory, { handler, log, sha256, signal }: Telling): Promise<Told> {
  const { importName, key, commands, placement } = story;
  const orderId = importedOrderId(importName, key);
  const told = await commandIdsIn(log, `${orderAggregate.family}-${orderId}`);
  const ids = commandIdsOf(importName, key, commands);
  let eventsAppended = 0;
  for (const [index, planned] of commands.entries()) {
    const commandId = ids[index] ?? '';
    if (told.has(commandId)) continue;
    if (signal?.aborted) break;
    const problem = malformed(planned);
    if (problem) return { eventsAppended, refused: problem };
    const command = asCommand(planned, { orderId, ...placement });
    const outcome = await handler.execute(orderAggregate, orderId, command, metaOf(planned, commandId, sha256));
    if (outcome.kind === 'refused') {
      const { code, message } = outcome.refusal;
      return { eventsAppended, refused: rejected(planned, code, message) };
    }
    if (!outcome.repeated) eventsAppended += outcome.events.length;
  }
  return { eventsAppended };
}

async function commandIdsIn(log: Telling['log'], stream: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const event of log.readStream(stream)) ids.add(event.metadata.commandId);
  return ids;
}

const asCommand = (planned: PlannedCommand, placement: PlacementContext): OrderCommand =>
  planned.kind === 'place' ? { kind: planned.kind, body: planned.body, placement } : planned;

/** The schemas of the catalogue bound what a file can say; a cell that passed its own check can still be too much in sum. */
function malformed(planned: PlannedCommand): Reject | undefined {
  const validator = validators.get(planned.kind);
  if (!validator || validator.Check(planned.body)) return undefined;
  const [first] = validator.Errors(planned.body);
  return rejected(planned, 'command-invalid', `${first?.instancePath || '/'} ${first?.message ?? 'is invalid'}`);
}

const rejected = ({ kind, row }: PlannedCommand, code: string, message: string): Reject => ({
  file: row.file,
  line: row.line,
  code,
  reason: `${kind} of order ${row.orderKey}: ${message}`,
});

export function metaOf(
  {
    occurredAt,
    recordedAt,
    reason,
    row,
  }: Pick<PlannedCommand, 'occurredAt' | 'recordedAt' | 'reason'> & { readonly row: HistoryRow },
  commandId: string,
  sha256: ReadonlyMap<string, string>,
): CommandMeta {
  const digest = sha256.get(row.file);
  return {
    commandId,
    actor: { kind: 'program', id: 'history', via: 'import' },
    occurredAt,
    ...(recordedAt === undefined ? {} : { recordedAt }),
    ...(reason === undefined ? {} : { reason }),
    source: {
      kind: 'file',
      ref: `${basename(row.file)}:${row.line}`,
      ...(digest === undefined ? {} : { sha256: digest }),
    },
  };
}
