import { randomUUID } from 'node:crypto';
import { Argument, Command } from '@commander-js/extra-typings';
import { isUuid } from '../values/ids.ts';
import { UsageError } from './exit.ts';
import { withHouse } from './house.ts';
import { interruptible } from './interrupt.ts';
import { type Output, table } from './output.ts';

/** What persons may ask of us, at the command line; and who read what. Each read in plain is in the access log like any other. */

const operator = { kind: 'user', id: 'command line', via: 'cli' } as const;
export const personArgument = () => new Argument('<person>', 'id of the person, e.g. of a contact').argParser(personId);
export const unknownPerson = (id: string) => new UsageError(`Nothing is kept about a person ${id}.`);

/** `orderfold contacts`: persons at a customer. */
export function contactsCommand(output: Output) {
  return new Command('contacts')
    .description('Contacts of a customer; masked, unless asked for in plain')
    .addArgument(new Argument('<customer>', 'id of the customer'))
    .option('--plain', 'with what is known of the persons; that is recorded')
    .option('--json', 'answer as JSON')
    .action(async (customerId, { plain = false, json }) => {
      const contacts = await withHouse(async ({ contacts, viewing }) => {
        const found = await contacts.ofCustomer(customerId, { limit: 10_000 });
        return viewing.show(found, { reader: operator, mayReadPersons: plain }, `customer-${customerId}`);
      });
      const rows = contacts.map(({ contactId, role = '', name, email = '', phone = '' }) =>
        [contactId, role, name, email, phone].map(String),
      );
      output.data(json ? JSON.stringify(contacts) : table(['person', 'role', 'name', 'e-mail', 'phone'], rows));
    });
}

/** `orderfold subject`: everything that is kept about one person. */
export function subjectCommand(output: Output) {
  return new Command('subject')
    .description('Everything that is kept about one person, as JSON, to be handed to that person')
    .addArgument(personArgument())
    .action(async (personId) => {
      const { signal, done } = interruptible();
      try {
        const about = await withHouse(({ subjects }) => subjects.about(personId, { reader: operator }, signal));
        if (!about) throw unknownPerson(personId);
        output.data(JSON.stringify(about, null, 2));
      } finally {
        done();
      }
    });
}

/** `orderfold erase`: destroys the keys of a person. */
export function eraseCommand(output: Output) {
  return new Command('erase')
    .description('Destroy the keys of a person for ever: nothing sealed under them can be read again')
    .addArgument(personArgument())
    .requiredOption('--reason <code>', 'why, e.g. gdpr-17; stays on record')
    .option('--words <text>', 'why, in words that say nothing about the person; they stay on record')
    .option('--json', 'answer as JSON')
    .action(async (personId, { reason: code, words, json }) => {
      const reason = { code, ...(words !== undefined && { text: words }) };
      const erased = await withHouse(async ({ erasing, runner }) => {
        const done = await erasing.erase({ personId, commandId: randomUUID(), actor: operator, reason });
        if (!done) throw unknownPerson(personId);
        runner.start();
        await runner.waitFor(done.position, { projection: 'contacts', timeoutMs: 10_000 });
        return done;
      });
      if (json) return output.data(JSON.stringify(erased));
      output.words(
        erased.repeated
          ? `Person ${personId} was erased before, at ${erased.finishedAt}.`
          : `Person ${personId} is erased. Backups of the database still hold its keys, wrapped, until they expire.`,
      );
    });
}

/** `orderfold access`: who read personal data or evidence. */
export function accessCommand(output: Output) {
  return new Command('access')
    .description('Who read personal data or evidence, newest first')
    .option('--subject <what>', 'only what was asked for, e.g. order-<id>')
    .option('--reader <id>', 'only reads by this id')
    .option('--person <id>', 'only reads of this person', personId)
    .option('--limit <n>', 'so many at most; 100, if left out', Number, 100)
    .option('--json', 'answer as JSON')
    .action(async ({ json, limit, ...wanted }) => {
      if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit: a whole number above 0 is expected.');
      const reads = await withHouse(async ({ accesses, runner, projected }) => {
        runner.start();
        await projected();
        return accesses.reads({ ...wanted, limit });
      });
      const rows = reads.map(({ readAt, what, reader, role = '', subject, persons = [] }) => [
        ...[readAt, what, reader.id, role, subject],
        String(persons.length),
      ]);
      output.data(json ? JSON.stringify(reads) : table(['at', 'what', 'reader', 'role', 'asked for', 'persons'], rows));
    });
}

function personId(text: string): string {
  const id = text.toLowerCase();
  if (!isUuid(id)) throw new UsageError(`${text} is no id of a person; a UUID is expected.`);
  return id;
}
