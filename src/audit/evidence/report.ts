import type { Recorded } from '../../events/envelope.ts';
import type { KeptCheckpoint } from '../checkpoint/history.ts';

/** What happened, in a sentence. Whoever knows the catalogue tells it; the name of the event serves where nobody does. */
export type Tell = (event: Recorded) => string;

export interface Report {
  readonly orderId: string;
  readonly madeAt: string;
  readonly publicKey: string;
  readonly checkpoint: KeptCheckpoint;
  readonly events: readonly Recorded[];
  readonly tell: Tell;
}

/** The history of an order for people: text, so that it opens everywhere and can do nothing. */
export function reportText({ orderId, madeAt, publicKey, checkpoint, events, tell }: Report): string {
  const [first, last] = [events[0], events.at(-1)];
  const head = [
    `Evidence about order ${orderId}`,
    '',
    `Made          ${madeAt}`,
    `Events        ${events.length}${first && last ? `, recorded ${first.metadata.recordedAt} to ${last.metadata.recordedAt}` : ''}`,
    `Log           ${checkpoint.origin}`,
    `Checkpoint    over ${checkpoint.size} events, issued ${checkpoint.issuedAt}`,
    `Root          ${checkpoint.root.toString('base64')}`,
    `Public key    ${publicKey}`,
    '',
    'Check it: node verify.mjs (README.txt says how, and what it does not prove).',
    '',
  ];
  return `${[...head, ...events.flatMap((event) => entry(event, tell))].join('\n')}\n`;
}

function entry(event: Recorded, tell: Tell): string[] {
  const { stream, revision, metadata, data, type } = event;
  const { actor, reason, source, occurredAt, recordedAt } = metadata;
  const lines = [
    '-'.repeat(100),
    `${occurredAt}   ${oneLine(tell(event))}`,
    `    event       ${type}, revision ${revision} of ${stream}`,
    `    recorded    ${recordedAt}`,
    `    by          ${oneLine(`${actor.kind} ${actor.id} via ${actor.via}`)}`,
  ];
  if (reason) lines.push(`    because     ${oneLine([reason.code, reason.text].filter(Boolean).join(': '))}`);
  if (source) lines.push(`    from        ${oneLine(`${source.kind} ${source.ref}`)}`);
  return [
    ...lines,
    ...JSON.stringify(data, null, 2)
      .split('\n')
      .map((line) => `    ${line}`),
    '',
  ];
}

/** Words of people may hold anything; here they stay on their line. */
const oneLine = (text: string): string => text.replaceAll(/[\p{C}\u2028\u2029]/gu, ' ');
