import { createHash, randomUUID } from 'node:crypto';
import type { NewEvent, Revision } from '../../src/events/envelope.ts';

export const sampleTypes = ['OrderAccepted', 'OrderReopened'] as const;

/** A stream that no other test uses. */
export const freshStream = (): string => `order-${randomUUID()}`;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/**
 * `count` events for the revisions after `fromRevision` - 1, alternating between the sample types and chained by made-up
 * hashes. They fit the catalogue, but belong to no real order.
 */
export function sampleEvents(
  stream: string,
  fromRevision: Revision,
  count: number,
  prevHash = '0'.repeat(64),
): NewEvent[] {
  const events: NewEvent[] = [];
  let previous = prevHash;
  for (let i = 0; i < count; i++) {
    const revision = fromRevision + i;
    const eventId = randomUUID();
    const hash = sha256(previous + eventId);
    events.push({
      eventId,
      type: sampleTypes[revision % 2] ?? 'OrderAccepted',
      data: { orderNo: `SO-${stream.slice(-8)}` },
      metadata: sampleMetadata(revision, previous, hash),
    });
    previous = hash;
  }
  return events;
}

function sampleMetadata(revision: Revision, prevHash: string, hash: string): NewEvent['metadata'] {
  const commandId = randomUUID();
  return {
    schemaVersion: 1,
    occurredAt: new Date(Date.UTC(2026, 0, 1, 0, 0, revision)).toISOString(),
    recordedAt: new Date(Date.UTC(2026, 0, 2, 0, 0, revision)).toISOString(),
    actor: { kind: 'program', id: 'sample', via: 'simulation' },
    commandId,
    correlationId: commandId,
    causationId: commandId,
    reason: { code: 'sample', text: 'Größe “12” – ok\n' },
    prevHash,
    hash,
  };
}
