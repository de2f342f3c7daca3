import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contactAggregate } from '../../../src/commands/contact/aggregate.ts';
import { type ContactCommand, hidden } from '../../../src/commands/contact/commands.ts';
import type { ContactFact } from '../../../src/events/catalog/index.ts';
import { decrypt, encrypt, newKeyBytes, parseMasterKey } from '../../../src/events/seals/cipher.ts';
import { sealedFields } from '../../../src/events/seals/fields.ts';
import { createSeals, type Seals } from '../../../src/events/seals/seals.ts';
import { handlerOn, meta } from '../../support/handling.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { memoryKeys, memorySeals } from '../../support/seals.ts';

const contactId = '0190a6b2-7c4e-7d3a-9f10-3c5b8f1e2d4a';
const stream = `contact-${contactId}`;
const ada = { name: 'Ada Quillfeather', address: { lines: ['Werftstrasse 1'], city: 'Hamburg' } };
const command = (details: typeof ada = ada): ContactCommand => ({
  ...{ kind: 'add', contactId, customerId: 'C-1', customerKnown: true },
  body: hidden(contactId, details),
});

async function recorded(seals: Seals = memorySeals()) {
  const log = memoryLog();
  const handler = handlerOn(log, { seals });
  const outcome = await handler.execute(contactAggregate, contactId, command(), meta());
  expect(outcome.kind).toBe('done');
  const [event] = log.events;
  if (!event) throw new Error('Nothing was recorded');
  return { event, handler, log, seals };
}

describe('a value on its way to the seal', () => {
  test('shows itself to nobody who prints it', () => {
    const { name } = hidden(contactId, ada);
    const error = new Error(`${name}`);
    for (const text of [JSON.stringify({ name }), inspect({ name }, { depth: 9 }), `${name}`, error.message])
      expect(text).not.toContain('Quillfeather');
  });

  test('is not recorded where there are no seals', async () => {
    const log = memoryLog();
    const outcome = await handlerOn(log).execute(contactAggregate, contactId, command(), meta());
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'master-key-missing' } });
    expect(log.events).toEqual([]);
  });
});

describe('what is sealed', () => {
  test('is ciphertext in the log, and opens to what it was', async () => {
    const { event, seals } = await recorded();
    expect(JSON.stringify(event)).not.toMatch(/Quillfeather|Hamburg/);
    const { document, persons } = await seals.open(event, 'plain');
    expect(document.data).toMatchObject(ada);
    expect(persons).toEqual([contactId]);
    expect((await seals.open([event], 'masked')).document[0]?.data).toMatchObject({ name: '[sealed]' });
  });

  test('opens in no other stream, event or field, and not when a byte of it changed', async () => {
    const { event, seals } = await recorded();
    const data = event.data as Record<string, { box: string }>;
    const box = data.name?.box ?? '';
    const flipped = `${box.slice(0, -1)}${box.endsWith('A') ? 'B' : 'A'}`;
    const moved = [
      { ...event, stream: 'contact-other' },
      { ...event, type: 'ContactChanged' },
      { ...event, data: { ...data, name: data.address, address: data.name } },
      { ...event, data: { ...data, name: { ...data.name, box: `${box.startsWith('B') ? 'C' : 'B'}${box.slice(1)}` } } },
      { ...event, data: { ...data, name: { ...data.name, box: flipped.slice(0, 40) } } },
    ];
    for (const one of moved)
      expect((await seals.open(one, 'plain')).document.data).toMatchObject({ name: '[unreadable]' });
  });

  test('is gone with its key, and readers are told', async () => {
    const { event, seals } = await recorded();
    await seals.keys.destroy(contactId);
    for (const view of ['plain', 'masked'] as const)
      expect((await seals.open(event, view)).document.data).toMatchObject({ name: '[erased]', address: '[erased]' });
  });

  test('opens after its key was rotated, and what comes then is under the new one', async () => {
    const { event, seals, handler, log } = await recorded();
    await seals.keys.rotate(contactId);
    const change = { kind: 'change', body: hidden(contactId, { name: 'Ada L.' }) } as const;
    await handler.execute(contactAggregate, contactId, change, meta());
    const names = (await seals.open(log.events, 'plain')).document.map(({ data }) => (data as typeof ada).name);
    expect(names).toEqual([ada.name, 'Ada L.']);
    expect(log.events.map(({ data }) => (data as { name: { key: number } }).name.key)).toEqual([1, 2]);
    expect((await seals.open(event, 'plain')).document.data).toMatchObject(ada);
  });

  test('opens without a failure whatever lies in its place', async () => {
    const { event, seals } = await recorded();
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (junk) => {
        const broken = { ...event, data: { ...(event.data as object), name: junk } };
        await seals.open([broken, junk], 'plain');
      }),
    );
  });

  test('decided again passes as it is: facts that are sealed already keep their bytes', async () => {
    const { event, seals } = await recorded();
    const fact = { type: event.type, data: event.data } as ContactFact;
    expect(await seals.seal(stream, [fact])).toEqual([fact]);
  });
});

test('every sealed field of the catalogue is found by its schema', () => {
  const found = [...sealedFields].map(([type, paths]) => `${type}: ${paths.map((path) => path.join('/')).join(' ')}`);
  expect(found).toEqual(['ContactAdded: name email phone address', 'ContactChanged: name email phone address']);
});

describe('the cipher', () => {
  test('opens what it sealed with the same key and words only', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), fc.string(), (bytes, bound, other) => {
        const key = newKeyBytes();
        const box = encrypt(key, Buffer.from(bytes), bound);
        expect(decrypt(key, box, bound)).toEqual(Buffer.from(bytes));
        if (other !== bound) expect(decrypt(key, box, other)).toBeUndefined();
        expect(decrypt(newKeyBytes(), box, bound)).toBeUndefined();
        expect(encrypt(key, Buffer.from(bytes), bound)).not.toBe(box);
      }),
    );
  });

  test('takes master keys of 32 bytes, and does not repeat what it refuses', () => {
    const bytes = newKeyBytes();
    for (const text of [bytes.toString('base64'), bytes.toString('hex'), `${bytes.toString('base64')}\n`])
      expect(parseMasterKey(text).bytes).toEqual(bytes);
    for (const text of ['', 'short', bytes.toString('base64').slice(4), `${bytes.toString('hex')}00`])
      expect(() => parseMasterKey(text)).toThrow(/32 bytes/);
    expect(() => parseMasterKey('hunter2hunter2')).not.toThrow(/hunter2/);
  });
});

test('blind words are the same for the same text, and others without the key of the house', async () => {
  const keys = memoryKeys();
  const seals = createSeals(keys);
  expect(await seals.blind('receipts', 'a')).toBe(await createSeals(keys).blind('receipts', 'a'));
  expect(await seals.blind('receipts', 'a')).not.toBe(await seals.blind('receipts', 'b'));
  expect(await seals.blind('receipts', 'a')).not.toBe(await memorySeals().blind('receipts', 'a'));
});
