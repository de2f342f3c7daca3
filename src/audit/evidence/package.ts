import { readFile } from 'node:fs/promises';
import type { Recorded } from '../../events/envelope.ts';
import { canonicalRecord } from '../../events/record.ts';
import { sha256Hex } from '../../values/digest.ts';
import type { KeptCheckpoint } from '../checkpoint/history.ts';
import type { LogTree } from '../tree/log-tree.ts';
import { readme } from './readme.ts';
import { reportText, type Tell } from './report.ts';

/** A file that belongs to an order: what was sent to or received from the customer. */
export interface OrderDocument {
  /** Within the folder `documents`. */
  readonly name: string;
  readonly content: Uint8Array;
}

export interface EvidenceOptions {
  readonly orderId: string;
  /** In the order of the log. */
  readonly events: readonly { readonly event: Recorded; readonly index: number }[];
  readonly documents: readonly OrderDocument[];
  readonly tree: LogTree;
  /** Covers every one of the events. */
  readonly checkpoint: KeptCheckpoint;
  /** Checkpoints before it: whoever kept one of them can compare. */
  readonly older: readonly KeptCheckpoint[];
  readonly publicKey: string;
  readonly madeAt: string;
  readonly tell: Tell;
}

const base64 = (hash: Buffer): string => hash.toString('base64');
const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;

/** Everything that a third party needs to check the history of an order without us: the files, by name. */
export async function evidencePackage(options: EvidenceOptions): Promise<Map<string, Buffer>> {
  const { orderId, events, documents, checkpoint, publicKey, madeAt, tell } = options;
  const recorded = events.map(({ event }) => event);
  const files = new Map<string, Buffer>([
    ['README.txt', Buffer.from(readme)],
    ['report.txt', Buffer.from(reportText({ orderId, madeAt, publicKey, checkpoint, events: recorded, tell }))],
    ['events.ndjson', Buffer.from(recorded.map((event) => `${canonicalRecord(event).record}\n`).join(''))],
    ['proofs.json', Buffer.from(json(await proofsOf(options)))],
    ['checkpoint.txt', Buffer.from(checkpoint.note)],
    ['consistency.json', Buffer.from(json(await consistencyOf(options)))],
    ['public-key.txt', Buffer.from(`${publicKey}\n`)],
    ['verify.mjs', await readFile(new URL('./verify.mjs', import.meta.url))],
  ]);
  for (const { name, content } of documents) files.set(`documents/${name}`, Buffer.from(content));
  files.set('manifest.json', Buffer.from(json(manifestOf(options, files))));
  return files;
}

async function proofsOf({ events, tree, checkpoint }: EvidenceOptions) {
  const leaves = [];
  for (const { event, index } of events) {
    const proof = (await tree.inclusionProof(index, checkpoint.size)).map(base64);
    leaves.push({ stream: event.stream, revision: event.revision, position: event.position, index, proof });
  }
  return { size: checkpoint.size, root: base64(checkpoint.root), leaves };
}

async function consistencyOf({ tree, checkpoint, older }: EvidenceOptions) {
  const proofs = [];
  for (const { size, note, issuedAt } of older) {
    if (size >= checkpoint.size) continue;
    proofs.push({ note, issuedAt, proof: (await tree.consistencyProof(size, checkpoint.size)).map(base64) });
  }
  return proofs;
}

function manifestOf({ orderId, madeAt, checkpoint, events }: EvidenceOptions, files: ReadonlyMap<string, Buffer>) {
  const digests = [...files].map(([name, content]) => [name, sha256Hex(content)]);
  return {
    format: 'orderfold-evidence/1',
    order: { orderId },
    madeAt,
    origin: checkpoint.origin,
    events: events.length,
    files: Object.fromEntries(digests),
  };
}
