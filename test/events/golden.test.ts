import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contactAggregate } from '../../src/commands/contact/aggregate.ts';
import { customerAggregate } from '../../src/commands/customer/aggregate.ts';
import type { Aggregate } from '../../src/commands/decider.ts';
import { orderAggregate } from '../../src/commands/order/aggregate.ts';
import { displayStatus } from '../../src/commands/order/status.ts';
import { personAggregate } from '../../src/commands/person/aggregate.ts';
import { watchAggregate } from '../../src/commands/watch/aggregate.ts';
import { catalog, type Fact } from '../../src/events/catalog/index.ts';
import { verifyStream } from '../../src/events/chain.ts';
import { decodeEvent } from '../../src/events/decode.ts';
import type { Recorded } from '../../src/events/envelope.ts';
import { decrypt } from '../../src/events/seals/cipher.ts';
import type { Sealed } from '../../src/events/seals/personal.ts';

/**
 * Events as they were recorded, one file each, named `{type}@{schema version}.{story}.json`. They are never changed or made
 * anew: a change of the catalogue that breaks one breaks every log there is. A new version of a type adds a file.
 */
const folder = join(import.meta.dirname, 'golden');
const files = readdirSync(folder);
const golden = new Map(files.map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recorded]));

const streams = [...new Set([...golden.values()].map(({ stream }) => stream))];
const eventsOf = (stream: string): Recorded[] =>
  [...golden.values()].filter((event) => event.stream === stream).sort((a, b) => a.revision - b.revision);

function fold<State, Command, F extends Fact>(
  { initial, evolve }: Aggregate<State, Command, F>,
  stream: string,
): State {
  return eventsOf(stream).reduce(
    (state, recorded) => evolve(state, decodeEvent(recorded) as unknown as F, recorded.metadata),
    initial,
  );
}

describe('the golden corpus', () => {
  test('has every event type at every schema version', () => {
    const needed = [...catalog.values()].flatMap(({ type, schemaVersion }) =>
      Array.from({ length: schemaVersion }, (_, i) => `${type}@${i + 1}.`),
    );
    expect(needed.filter((name) => !files.some((file) => file.startsWith(name)))).toEqual([]);
  });

  test.each([...golden])('%s is what its name says, and decodes to the current version', (file, recorded) => {
    expect(file.startsWith(`${recorded.type}@${recorded.metadata.schemaVersion}.`)).toBe(true);
    expect(decodeEvent(recorded).metadata.schemaVersion).toBe(catalog.get(recorded.type)?.schemaVersion);
  });

  test.each(streams)('the chain of %s holds: no file was changed', async (stream) => {
    expect(await verifyStream(stream, eventsOf(stream))).toMatchObject({ ok: true, events: eventsOf(stream).length });
  });

  test('folds to what it always folded to', () => {
    const customers = streams.filter((stream) => stream.startsWith('customer-'));
    expect(customers.map((stream) => fold(customerAggregate, stream)?.name)).toEqual(['Acme Pumps']);
    const watches = streams.filter((stream) => stream.startsWith('watch-'));
    expect(watches.map((stream) => fold(watchAggregate, stream))).toMatchObject([
      {
        watchId: 'on-time-sea',
        version: 2,
        removed: true,
        judged: { position: '00000000000000000890', on: '2026-03-04' },
        alerts: [
          { period: '2026-W09', open: false, acknowledged: true },
          { period: '2026-02', open: false, acknowledged: false },
        ],
      },
    ]);
    const contacts = streams.filter((stream) => stream.startsWith('contact-'));
    expect(contacts.map((stream) => fold(contactAggregate, stream))).toMatchObject([
      { customerId: 'ACME', removed: true },
    ]);
    const persons = streams.filter((stream) => stream.startsWith('person-'));
    expect(persons.map((stream) => fold(personAggregate, stream))).toEqual([{ erased: true }]);
    const orders = streams
      .filter((stream) => stream.startsWith('order-'))
      .map((stream) => fold(orderAggregate, stream));
    expect(Object.fromEntries(orders.map((state) => [state.orderNo, displayStatus(state)]))).toEqual({
      'SO-100-7': 'delivered',
      'SO-101-5': 'rejected',
      'SO-102-3': 'cancelled',
    });
    const [pump, oil] = orders.find(({ orderNo }) => orderNo === 'SO-100-7')?.lines ?? [];
    expect(pump?.ledger).toMatchObject({ ordered: '12', cancelled: '3', promised: '9', shipped: '9', delivered: '9' });
    expect(pump?.scheduleLines[1]).toMatchObject({
      qty: '3',
      firstPromise: { deliverOn: '2026-04-15' },
      commitPromise: { deliverOn: '2026-04-17' },
    });
    expect(oil?.ledger).toMatchObject({ shippedUnpromised: '12.75', delivered: '12.75' });
  });
});

test('what was sealed once opens for ever with its key, and only in its place', () => {
  const added = golden.get('ContactAdded@1.contact.json');
  if (!added) throw new Error('The golden event is not there');
  const { person, key, box } = (added.data as { name: Sealed }).name;
  const opened = decrypt(
    Buffer.alloc(32, 1),
    box,
    JSON.stringify([added.stream, 'ContactAdded', '/name', person, key]),
  );
  expect(String(opened)).toBe('"Ada Quillfeather"');
});
