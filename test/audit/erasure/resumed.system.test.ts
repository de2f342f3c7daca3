import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { createErasing, erasureMigrations } from '../../../src/audit/erasure/erase.ts';
import { migrate } from '../../../src/database/migrate.ts';
import { masterKeyOf, newKeyBytes } from '../../../src/events/seals/cipher.ts';
import { personKeyMigrations, personKeys } from '../../../src/events/seals/person-keys.ts';
import { eachDatabase } from '../../support/databases.ts';
import { handlerOn } from '../../support/handling.ts';
import { memoryLog } from '../../support/memory-log.ts';

const actor = { kind: 'user', id: 'tester', via: 'cli' } as const;
const steps = ['append', 'destroy', 'forget'] as const;

eachDatabase('an erasure', (opened) => {
  const master = masterKeyOf(newKeyBytes());
  beforeAll(() => migrate(opened().database, [...personKeyMigrations, ...erasureMigrations]));

  /** A process that is cut off before this step. */
  function processCutOffBefore(step: (typeof steps)[number] | undefined, log = memoryLog()) {
    const keys = personKeys(opened().database, { current: master });
    const handler = handlerOn(log);
    const forgotten: string[] = [];
    const orCutOff =
      <Args extends unknown[], Answer>(here: (typeof steps)[number], work: (...args: Args) => Promise<Answer>) =>
      async (...args: Args): Promise<Answer> => {
        if (step === here) throw new Error('cut off');
        return work(...args);
      };
    const erasing = createErasing({
      database: opened().database,
      handler: { execute: orCutOff('append', handler.execute) as typeof handler.execute },
      keys: { of: keys.of, destroy: orCutOff('destroy', keys.destroy) },
      copies: [
        {
          ...{ place: 'memory of a test', holds: 'plain', about: 'a copy' },
          forget: orCutOff('forget', async (id: string) => void forgotten.push(id)),
        },
      ],
      clock: () => new Date().toISOString(),
    });
    return { erasing, keys, forgotten, log };
  }
  const request = (personId: string) => ({ personId, commandId: randomUUID(), actor, reason: { code: 'gdpr-17' } });

  describe.each(steps)('that was cut off before: %s', (step) => {
    test('is finished by whoever comes next, once', async () => {
      const personId = randomUUID();
      const first = processCutOffBefore(step);
      await first.keys.current(personId);
      await expect(first.erasing.erase(request(personId))).rejects.toThrow('cut off');

      const next = processCutOffBefore(undefined, first.log);
      expect(await next.erasing.unfinished()).toBe(1);
      expect(await next.erasing.resume()).toBe(1);
      expect(next.log.events.map(({ type, data }) => [type, data])).toEqual([['PersonalDataErased', { personId }]]);
      expect(next.log.events[0]?.metadata).toMatchObject({ actor, reason: { code: 'gdpr-17' } });
      expect((await next.keys.of([personId])).get(personId)).toMatchObject({ erased: true });
      await expect(next.keys.current(personId)).rejects.toMatchObject({ code: 'person-erased' });
      await expect(next.keys.rotate(personId)).rejects.toMatchObject({ code: 'person-erased' });
      expect(next.forgotten).toEqual([personId]);
      expect(await next.erasing.resume()).toBe(0);
      expect(await next.erasing.erase(request(personId))).toMatchObject({ repeated: true });
      expect(next.log.events).toHaveLength(1);
    });
  });

  test('of somebody unknown does nothing', async () => {
    const { erasing, log } = processCutOffBefore(undefined);
    expect(await erasing.erase(request(randomUUID()))).toBeUndefined();
    expect(log.events).toEqual([]);
  });

  test('goes together with a rotation of the master key; without the right one nothing opens', async () => {
    const personId = randomUUID();
    const database = opened().database;
    const old = personKeys(database, { current: master });
    const { version, bytes } = await old.current(personId);
    const current = masterKeyOf(newKeyBytes());
    await expect(personKeys(database, { current }).check()).rejects.toMatchObject({ code: 'master-key-wrong' });
    await expect(personKeys(database, {}).check()).rejects.toMatchObject({ code: 'master-key-missing' });
    await expect(personKeys(database, { current }).rewrap()).rejects.toMatchObject({ code: 'master-key-wrong' });
    await old.check();

    const both = personKeys(database, { current, old: master });
    await both.check();
    expect(await both.rewrap()).toBeGreaterThan(0);
    expect(await both.rewrap()).toBe(0);
    const fresh = personKeys(database, { current });
    await fresh.check();
    expect((await fresh.of([personId])).get(personId)?.keys.get(version)).toEqual(bytes);
    await expect(old.current(personId)).rejects.toMatchObject({ code: 'master-key-wrong' });
    expect(await fresh.rotate(personId)).toBe(2);
    expect((await fresh.current(personId)).version).toBe(2);
    await both.destroy(personId);
  });

  test('and a first key are not made by two at once', async () => {
    const personId = randomUUID();
    const keys = personKeys(opened().database, { current: master, old: master });
    await personKeys(opened().database, { current: master }).destroy(personId);
    const made = await Promise.all([keys.current(personId), keys.current(personId), keys.current(personId)]);
    expect(new Set(made.map(({ bytes }) => bytes.toString('hex'))).size).toBe(1);
  });
});
