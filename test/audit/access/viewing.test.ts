import { describe, expect, test } from 'vitest';
import { createAccessLog } from '../../../src/audit/access/log.ts';
import { createViewing, type Viewer } from '../../../src/audit/access/viewing.ts';
import { contactAggregate } from '../../../src/commands/contact/aggregate.ts';
import { hidden } from '../../../src/commands/contact/commands.ts';
import type { CommandHandler } from '../../../src/commands/handle.ts';
import { decodeEvent } from '../../../src/events/decode.ts';
import { uuidv5 } from '../../../src/values/ids.ts';
import { handlerOn, meta, now } from '../../support/handling.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { memorySeals } from '../../support/seals.ts';

const space = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
const desk: Viewer = {
  ...{ reader: { kind: 'program', id: 'key:desk', via: 'api' }, role: 'order-desk', mayReadPersons: true },
};
const auditor: Viewer = { ...desk, role: 'auditor', mayReadPersons: false };

/** So many contacts in a log, and a way to look at them; reads are recorded by `reading`. */
async function contacts(count: number, reading?: Pick<CommandHandler, 'execute'>) {
  const [log, seals] = [memoryLog(), memorySeals()];
  const handler = handlerOn(log, { seals });
  for (let n = 0; n < count; n += 1) {
    const contactId = uuidv5(space, String(n));
    const body = hidden(contactId, { name: `Name ${n}` });
    const command = { kind: 'add', contactId, customerId: 'C-1', customerKnown: true, body } as const;
    await handler.execute(contactAggregate, contactId, command, meta());
  }
  const added = [...log.events];
  const viewing = createViewing(seals, createAccessLog({ handler: reading ?? handler, clock: () => now }), () => now);
  return { viewing, added, reads: () => log.events.slice(added.length), log };
}

const names = (events: readonly { readonly data: unknown }[]) =>
  events.map(({ data }) => (data as { name: unknown }).name);

describe('looking at persons', () => {
  test('in plain is recorded before anything is shown', async () => {
    const { viewing, added, reads } = await contacts(2);
    const longest = `customer-${'C'.repeat(120)}`;
    const shown = viewing.show(added, desk, longest).then((events) => ({ events, recorded: reads().length }));
    expect(await shown).toMatchObject({ recorded: 1 });
    expect(names((await shown).events)).toEqual(['Name 0', 'Name 1']);
    expect(reads()[0]).toMatchObject({
      type: 'PersonalDataRead',
      stream: expect.stringMatching(/^access-2026-03-10-/),
      data: { reader: desk.reader, role: 'order-desk', readAt: now, subject: longest },
    });
    for (const read of reads()) expect(decodeEvent(read).type).toBe('PersonalDataRead');
    expect(reads()[0]?.data).toMatchObject({ persons: [expect.any(String), expect.any(String)] });
  });

  test('masked is not recorded, nor is a document about nobody', async () => {
    const { viewing, added, reads } = await contacts(1);
    expect(names(await viewing.show(added, auditor, 'customer-C-1'))).toEqual(['[sealed]']);
    expect(await viewing.show({ orderNo: 'SO-1' }, desk, 'order-1')).toEqual({ orderNo: 'SO-1' });
    expect(reads()).toEqual([]);
  });

  test('shows nothing when it cannot be recorded', async () => {
    const refusal = { code: 'outcome-unknown', message: 'The log does not answer' } as const;
    const { viewing, added } = await contacts(1, { execute: async () => ({ kind: 'refused', refusal }) });
    await expect(viewing.show(added, desk, 'x')).rejects.toMatchObject({ code: 'access-not-recorded' });
    await expect(viewing.evidence(auditor, 'order-1')).rejects.toMatchObject({ code: 'access-not-recorded' });
  });

  test('of many at once shares appends; evidence is recorded for everybody', async () => {
    const { viewing, added, reads, log } = await contacts(1);
    const appends = log.events.length;
    await Promise.all(Array.from({ length: 50 }, () => viewing.show(added, desk, 'contact-1')));
    await viewing.evidence(auditor, 'order-1');
    expect(log.events.length - appends).toBe(51);
    const commands = new Set(reads().map(({ metadata }) => metadata.commandId));
    expect(commands.size).toBeLessThan(10);
    expect(reads().at(-1)).toMatchObject({ type: 'EvidenceRead', data: { role: 'auditor', subject: 'order-1' } });
  });
});
