import type { Position } from '../../events/envelope.ts';
import type { RawEvent } from '../../events/log/bulk.ts';
import type { Ending } from '../checkpoint/history.ts';
import type { Verifier } from '../checkpoint/keys.ts';
import { hashBytes } from '../tree/hashing.ts';
import type { ReadableLog } from '../tree/reading.ts';
import type { Levels } from '../tree/rows.ts';
import { rootOf } from '../tree/shape.ts';
import type { TileStore } from '../tree/tile.ts';
import { align } from './alignment.ts';
import { differences } from './differences.ts';
import { type Finding, Findings } from './findings.ts';
import { firstTileThatDiffers, type HeadVerdict, headFindings, holdsIn, judge, type KnownHead } from './heads.ts';
import { type JournalCopy, JournalWalk } from './journal.ts';
import { type Scan, scan } from './scan.ts';
import { type SignedLog, signedLog } from './signed-log.ts';

export interface VerifyOptions {
  readonly log: ReadableLog;
  readonly store: Pick<TileStore, 'leaves' | 'tile'>;
  /** The leaves that are in no complete tile, as they were kept with the last checkpoint. */
  readonly ending?: Ending & { readonly size: number };
  readonly heads: readonly KnownHead[];
  readonly verifier: Verifier;
  readonly journal?: JournalCopy;
  readonly signal: AbortSignal;
  readonly onProgress?: (events: number) => void;
}

export interface LogVerdict {
  readonly ok: boolean;
  /** In the log now. */
  readonly events: number;
  /** Of the tree over them. */
  readonly root: string;
  /** How many of them are under a checkpoint that is signed by the key of the log and holds. */
  readonly signedEvents: number;
  readonly heads: readonly HeadVerdict[];
  /** At most a thousand; `found` is how many there are. */
  readonly findings: readonly Finding[];
  readonly found: number;
}

/**
 * Verifies the whole log: contents, chains, the kept tree, every signed head, and the journal. Says what was done to it and
 * where. Rejects when the log cannot be read, or the signal aborts.
 */
export async function verifyLog(options: VerifyOptions): Promise<LogVerdict> {
  const { log, store, heads, verifier, signal } = options;
  const ending = options.ending ?? endingOf(heads);
  const findings = new Findings();
  const scanned = await scanBeside(options, findings);
  const { tree } = scanned;
  const verdicts = await judge(heads, tree, verifier);
  const signed = await signedLog(store, ending);
  const compared = await compare(scanned, signed, verdicts, log, signal);
  const named = new Set(compared.map(({ position }) => position));
  for (const finding of compared) findings.add(finding);
  for (const [position, finding] of scanned.byPosition) if (!named.has(position)) findings.add(finding);
  for (const finding of headFindings(verdicts, tree.length)) findings.add(finding);
  const root = await rootOf((level, index) => tree.node(level, index), tree.length);
  return {
    ok: findings.total === 0,
    events: tree.length,
    root: root.toString('base64'),
    signedEvents: verdicts.findLast((one) => one.signed && one.holds)?.size ?? 0,
    heads: verdicts.map(({ size, where, signed, holds }) => ({ size, where, signed, holds })),
    findings: findings.kept,
    found: findings.total,
  };
}

/** What was put away with a head serves where the database has no more. */
function endingOf(heads: readonly KnownHead[]): VerifyOptions['ending'] {
  const hashes = heads.flatMap((head) => head.hashes ?? []).sort((a, b) => b.size - a.size)[0];
  return hashes && { size: hashes.size, hashes: hashes.leaves, places: [] };
}

async function scanBeside({ log, journal, signal, onProgress }: VerifyOptions, findings: Findings): Promise<Scan> {
  const walk = journal && new JournalWalk(journal, (finding) => findings.add(finding));
  const onEvents = async (events: readonly RawEvent[], done: number): Promise<void> => {
    await walk?.compare(events);
    onProgress?.(done);
  };
  const found = await scan({ log, signal, onEvents });
  await walk?.end();
  if (journal) for await (const detail of journal.damage()) findings.add({ kind: 'journal-damaged', detail });
  return found;
}

type Judged = Awaited<ReturnType<typeof judge>>;

/** What differs between the log and what was kept of it when it was signed. */
async function compare(
  { tree, byPosition }: Scan,
  signed: SignedLog,
  verdicts: Judged,
  log: ReadableLog,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const alignment = align(signed.leaves, tree.bytes);
  const failing = verdicts.find((one) => one.signed && !one.holds);
  if (alignment) {
    const doubt = await doubtOf(signed, verdicts);
    // The log is as it was signed, to the last event that the kept tree has: then the kept tree is not.
    if (doubt && !failing) return [doubt];
    const found = await differences(alignment, signed, log, signal);
    return [
      ...found.map((finding) => withChain(finding, byPosition)),
      ...(doubt ? [doubt, ...(await byHashes(verdicts, tree))] : []),
    ];
  }
  return failing ? byHashes(verdicts, tree) : [];
}

/** An event that fits its own hash may still not follow the one before it. */
function withChain(finding: Finding, byPosition: ReadonlyMap<Position, Finding>): Finding {
  const broken = finding.position === undefined ? undefined : byPosition.get(finding.position);
  if (broken?.kind !== 'chain-broken') return finding;
  return { ...finding, detail: `${finding.detail}; ${broken.detail}` };
}

/** Undefined when the largest head that the kept tree reaches bears it out, or there is none. */
async function doubtOf(signed: SignedLog, verdicts: Judged): Promise<Finding | undefined> {
  const events = signed.leaves.length / hashBytes;
  const head = verdicts.findLast((one) => one.signed && one.size <= events)?.head;
  if (!head || (await holdsIn(signed.tree(), head.checkpoint))) return undefined;
  const detail = `the tree that is kept in the database is not the one that was signed over ${head.checkpoint.size} events`;
  return { kind: 'tree-changed', detail };
}

/** Where the kept tree cannot be believed: by the hashes that were put away with a head. */
async function byHashes(verdicts: Judged, tree: Levels): Promise<Finding[]> {
  for (const { head, signed, holds } of verdicts) {
    const range = signed && !holds ? await firstTileThatDiffers(head, tree) : undefined;
    if (!range) continue;
    const { from, to } = range;
    const which = from === to ? `event ${from}` : `one of the events ${from} to ${to}`;
    const detail = `${which}, counted from 0, is not what was signed (hashes in ${head.where})`;
    return [{ kind: 'rewritten', index: from, detail }];
  }
  return [];
}
