import { describe, expect, test } from 'vitest';
import { contactAggregate } from '../../src/commands/contact/aggregate.ts';
import { type ContactCommand, hidden } from '../../src/commands/contact/commands.ts';
import { MasterKeyProblem } from '../../src/events/seals/problems.ts';
import { handlerOn, meta } from '../support/handling.ts';
import { memoryLog } from '../support/memory-log.ts';
import { memoryReceipts } from '../support/memory-receipts.ts';
import { memorySeals } from '../support/seals.ts';

const contactId = '0190a6b2-7c4e-7d3a-9f10-3c5b8f1e2d4a';
const add: ContactCommand = {
  ...{ kind: 'add', contactId, customerId: 'C-1', customerKnown: true },
  body: hidden(contactId, { name: 'Ada Quillfeather' }),
};
const idempotency = { principal: 'p', key: 'k', bodyHash: 'h' };
const asked = meta({ idempotency });

describe('a command about a person', () => {
  test('leaves nothing in plain: not in the log, the receipt or the cached state', async () => {
    const [log, receipts] = [memoryLog(), memoryReceipts()];
    const handler = handlerOn(log, { seals: memorySeals(), receipts });
    const outcome = await handler.execute(contactAggregate, contactId, add, asked);
    await handler.settle();
    const again = await handler.execute(contactAggregate, contactId, add, asked);
    expect(again).toEqual({ ...outcome, repeated: true });
    const state = await handler.load(contactAggregate, contactId, { cached: true });
    expect(JSON.stringify([log.events, await receipts.claim(idempotency), state])).not.toContain('Ada');
  });

  test.each(['master-key-missing', 'master-key-wrong'] as const)(
    'is refused with %s while there is no key to seal by, and done when it is repeated later',
    async (code) => {
      const [log, receipts, seals] = [memoryLog(), memoryReceipts(), memorySeals()];
      let problem: MasterKeyProblem | undefined = new MasterKeyProblem(code);
      const seal: typeof seals.seal = (...facts) => (problem ? Promise.reject(problem) : seals.seal(...facts));
      const handler = handlerOn(log, { receipts, seals: { seal } });
      const refused = await handler.execute(contactAggregate, contactId, add, asked);
      expect(refused).toMatchObject({ kind: 'refused', refusal: { code } });
      expect(log.events).toEqual([]);
      await handler.settle();
      problem = undefined;
      expect(await handler.execute(contactAggregate, contactId, add, asked)).toMatchObject({ kind: 'done' });
    },
  );

  test("is refused with 'person-erased' once the keys of the person are destroyed", async () => {
    const [log, seals] = [memoryLog(), memorySeals()];
    const handler = handlerOn(log, { seals });
    await handler.execute(contactAggregate, contactId, add, asked);
    await seals.keys.destroy(contactId);
    const change = { kind: 'change', body: hidden(contactId, { name: 'Ada' }) } as const;
    const outcome = await handler.execute(contactAggregate, contactId, change, meta());
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'person-erased' } });
  });
});
