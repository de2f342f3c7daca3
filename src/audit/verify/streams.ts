import type { Recorded } from '../../events/envelope.ts';
import { rawFrom } from '../../events/log/bulk.ts';
import type { EventLog } from '../../events/log/port.ts';
import type { SignedCheckpoint } from '../checkpoint/checkpoint.ts';
import { type Digest, digestOf, placeFrom } from '../digest.ts';
import type { LogTree } from '../tree/log-tree.ts';
import { verifyInclusion } from '../tree/proof.ts';
import { Chains } from './chains.ts';
import { type Finding, Findings } from './findings.ts';

export interface VerifyStreamsOptions {
  readonly log: Pick<EventLog, 'readStream'>;
  readonly tree: LogTree;
  /** Signed by the key of the log, as its caller has checked. */
  readonly checkpoint: SignedCheckpoint;
  readonly streams: readonly string[];
  /** At most so many events of all of them together. */
  readonly most: number;
}

export interface StreamsVerdict {
  readonly ok: boolean;
  readonly streams: readonly { readonly stream: string; readonly events: number }[];
  /** How many of the events are under the checkpoint. Those after it are only chained. */
  readonly signedEvents: number;
  /** There are more events than were looked at. */
  readonly cut: boolean;
  readonly findings: readonly Finding[];
}

/** Verifies some streams: every content, every chain, every event in the tree and under a signed head, and their ends. */
export async function verifyStreams(options: VerifyStreamsOptions): Promise<StreamsVerdict> {
  const { log, tree, streams, most } = options;
  const findings = new Findings();
  const looked: { stream: string; events: number }[] = [];
  const chains = new Chains();
  let [left, signedEvents, cut] = [most, 0, false];
  for (const stream of streams) {
    let events = 0;
    let last = -1;
    for await (const event of log.readStream(stream)) {
      cut = left === 0;
      if (cut) break;
      const { finding, signed } = await lookAt(event, chains, options);
      if (finding) findings.add(finding);
      if (signed) signedEvents += 1;
      [events, left, last] = [events + 1, left - 1, event.revision];
    }
    looked.push({ stream, events });
    const end = cut ? undefined : await lostEnd(tree, stream, last);
    if (end) findings.add(end);
  }
  return { ok: findings.total === 0, streams: looked, signedEvents, cut, findings: findings.kept };
}

interface Looked {
  readonly finding?: Finding | undefined;
  readonly signed: boolean;
}

async function lookAt(event: Recorded, chains: Chains, options: VerifyStreamsOptions): Promise<Looked> {
  const { tree, checkpoint } = options;
  const digest = digestOf(rawFrom(event));
  if ('unreadable' in digest) throw new Error('An event that was parsed cannot be read');
  const broken = chains.follow(digest);
  const { position, stream, revision } = digest.place;
  const index = await tree.indexOf({ leaf: digest.leaf, position });
  if (index === undefined) return { finding: (await strange(tree, digest)) ?? broken, signed: false };
  const { size, root } = checkpoint;
  if (index >= size) return { finding: broken, signed: false };
  const proof = await tree.inclusionProof(index, size);
  if (verifyInclusion({ index, size, leaf: digest.leaf, root, proof })) return { finding: broken, signed: true };
  const detail = `the tree that has it is not the one that was signed over ${size} events`;
  return { finding: { kind: 'checkpoint-differs', stream, revision, position, index, detail }, signed: false };
}

/** An event that is not in the tree as it is. Undefined: it is younger than the tree. */
async function strange(tree: LogTree, { place, fits }: Digest): Promise<Finding | undefined> {
  const { stream, revision, position } = place;
  const known = await tree.placesAt(position);
  const was = known.map(placeFrom).find((one) => one?.position === position);
  const again = fits ? ({ rehashed: true } as const) : {};
  const at = { stream, revision, position, ...again };
  if (!was) {
    const last = placeFrom(known.at(-1) ?? '');
    if (!last || last.position < position) return undefined;
    return { kind: 'inserted', ...at, detail: 'the tree over the log was made without it' };
  }
  if (was.stream !== stream || was.revision !== revision) {
    return { kind: 'relabelled', ...at, detail: `this was revision ${was.revision} of ${was.stream}` };
  }
  const kind = was.data === place.data ? 'metadata-changed' : 'data-changed';
  return { kind, ...at, detail: 'it is not what the tree over the log was made of' };
}

/** The tree knows of later events of the stream than there are. */
async function lostEnd(tree: LogTree, stream: string, last: number): Promise<Finding | undefined> {
  const place = placeFrom((await tree.lastOf(stream)) ?? '');
  if (!place || place.revision <= last) return undefined;
  const { revision, position } = place;
  const detail = `revisions ${last + 1} to ${revision} are gone`;
  return { kind: 'truncated', stream, revision, position, detail };
}
