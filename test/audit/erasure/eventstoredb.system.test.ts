import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createAccessLog } from '../../../src/audit/access/log.ts';
import { createViewing } from '../../../src/audit/access/viewing.ts';
import { createErasing, erasureMigrations } from '../../../src/audit/erasure/erase.ts';
import { createSubjectExports } from '../../../src/audit/subject/export.ts';
import { contactAggregate } from '../../../src/commands/contact/aggregate.ts';
import { hidden } from '../../../src/commands/contact/commands.ts';
import { createCommandHandler } from '../../../src/commands/handle.ts';
import { migrate } from '../../../src/database/migrate.ts';
import { masterKeyOf, newKeyBytes } from '../../../src/events/seals/cipher.ts';
import { personKeyMigrations, personKeys } from '../../../src/events/seals/person-keys.ts';
import { createSeals } from '../../../src/events/seals/seals.ts';
import { type OpenTestDatabase, openTestDatabase } from '../../support/databases.ts';
import { meta } from '../../support/handling.ts';
import { openOnProtocolServer } from '../../support/protocol-server/opened.ts';

let opened: OpenTestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase('pglite');
  await migrate(opened.database, [...personKeyMigrations, ...erasureMigrations]);
});
afterAll(() => opened.remove());

test('with EventStoreDB as the log, persons are kept, exported and erased alike; the keys lie in the database', async () => {
  const { log } = await openOnProtocolServer();
  const { database } = opened;
  const clock = () => new Date().toISOString();
  const seals = createSeals(personKeys(database, { current: masterKeyOf(newKeyBytes()) }));
  const handler = createCommandHandler({ log, clock, seals });
  const viewing = createViewing(seals, createAccessLog({ handler, clock }), clock);
  const subjects = createSubjectExports({ log, viewing, clock });
  const erasing = createErasing({ database, handler, keys: seals.keys, copies: [], clock });
  const [contactId, other] = [randomUUID(), randomUUID()];
  for (const id of [contactId, other]) {
    const body = hidden(id, { name: `Name of ${id}` });
    const command = { kind: 'add', contactId: id, customerId: 'C-1', customerKnown: true, body } as const;
    expect(await handler.execute(contactAggregate, id, command, meta())).toMatchObject({ kind: 'done' });
  }
  const viewer = { reader: { kind: 'user', id: 'tester', via: 'cli' } } as const;
  const about = await subjects.about(contactId, viewer);
  expect(about?.contacts).toMatchObject([{ contactId, name: `Name of ${contactId}` }]);
  expect(about?.events).toHaveLength(1);

  const reason = { code: 'gdpr-17' };
  const request = { personId: contactId, commandId: randomUUID(), actor: meta().actor, reason };
  const erased = await erasing.erase(request);
  await vi.waitUntil(async () => (await log.head()) >= (erased?.position ?? ''));
  const after = await subjects.about(contactId, viewer);
  expect(after?.contacts).toMatchObject([{ name: '[erased]' }]);
  expect(after?.events.map(({ type }) => type)).toEqual(['ContactAdded', 'PersonalDataErased']);
  expect(after?.reads).toHaveLength(1);
  expect((await subjects.about(other, viewer))?.contacts).toMatchObject([{ name: `Name of ${other}` }]);
  expect(await subjects.about(randomUUID(), viewer)).toBeUndefined();
});
