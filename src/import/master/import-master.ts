import { randomUUID } from 'node:crypto';
import { Compile } from 'typebox/compile';
import type { CommandHandler } from '../../commands/handle.ts';
import { masterAggregate } from '../../commands/master/aggregate.ts';
import { type MasterKind, master } from '../../events/catalog/master/index.ts';
import { Code } from '../../events/catalog/terms.ts';
import type { Reject } from '../rejects.ts';
import { type ReadVersion, readMasterCsv } from './read-master.ts';

export interface MasterSummary {
  readonly things: number;
  /** Versions that changed something. */
  readonly changed: number;
  readonly rejected: number;
  readonly interrupted: boolean;
}

export interface MasterImport {
  readonly kind: MasterKind;
  readonly file: string;
  readonly handler: CommandHandler;
  readonly signal: AbortSignal;
  readonly onReject: (reject: Reject) => void;
  readonly onProgress: (progress: { readonly done: number; readonly rate: number }) => void;
}

const isCode = Compile(Code);
const atATime = 64;

/**
 * Reads master data from a CSV file and lays it down. What holds already changes nothing, so that the same file twice adds
 * nothing, and one that was stopped goes on.
 */
export async function importMaster(options: MasterImport): Promise<MasterSummary> {
  const { kind, file, signal, onReject, onProgress } = options;
  const startedAt = performance.now();
  let [things, changed, rejected] = [0, 0, 0];
  let waiting: ReadVersion[] = [];
  const flush = async (): Promise<void> => {
    const outcomes = await Promise.all(inOrder(waiting).map((same) => layDown(options, same)));
    waiting = [];
    for (const outcome of outcomes.flat()) {
      if (typeof outcome === 'boolean') changed += Number(outcome);
      else {
        rejected += 1;
        onReject(outcome);
      }
    }
    onProgress({ done: things, rate: (things / (performance.now() - startedAt)) * 1000 });
  };
  for await (const read of readMasterCsv(master[kind].specification, file)) {
    if (signal.aborted) break;
    things += 1;
    waiting.push(read);
    if (waiting.length >= atATime) await flush();
  }
  await flush();
  return { things, changed, rejected, interrupted: signal.aborted };
}

/** Versions of one thing one after another, things beside each other. */
function inOrder(waiting: readonly ReadVersion[]): readonly (readonly ReadVersion[])[] {
  const groups = new Map<string, ReadVersion[]>();
  for (const [index, read] of waiting.entries()) {
    const key = read.kind === 'read' ? `id ${read.id}` : `row ${index}`;
    groups.set(key, [...(groups.get(key) ?? []), read]);
  }
  return [...groups.values()];
}

async function layDown(
  { kind, file, handler }: MasterImport,
  versions: readonly ReadVersion[],
): Promise<readonly (boolean | Reject)[]> {
  const outcomes: (boolean | Reject)[] = [];
  for (const version of versions) {
    if (version.kind === 'rejected') {
      outcomes.push(version.reject);
      continue;
    }
    const { kind: _, line, ...body } = version;
    if (!isCode.Check(body.id)) {
      outcomes.push({
        file,
        line,
        column: 'id',
        code: 'id-invalid',
        reason: 'is no id: no spaces around it, no control characters',
      });
      continue;
    }
    const command = { kind: body.specification ? 'specify' : 'withdraw', body } as never;
    const meta = {
      commandId: randomUUID(),
      actor: { kind: 'user', id: 'import', via: 'import' },
      source: { kind: 'file', ref: `${file.split(/[\\/]/).at(-1)}:${line}` },
    } as const;
    const outcome = await handler.execute(masterAggregate(kind), body.id, command, meta);
    if (outcome.kind === 'done') outcomes.push(outcome.events.length > 0);
    else outcomes.push({ file, line, code: outcome.refusal.code, reason: outcome.refusal.message });
  }
  return outcomes;
}
