import { Argument, Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { type Action, isAction, type Role, roles } from '../api/access.ts';
import type { ApiKey } from '../api/keys/keys.ts';
import { withHouse } from './house.ts';
import { rotateMasterCommand, rotatePersonCommand } from './keys-of-seals.ts';
import { type Output, table } from './output.ts';

const roleNames = Object.keys(roles);

/** `orderfold keys`: the keys that programs and people use over HTTP, and the keys that personal data is sealed under. */
export function keysCommand(output: Output) {
  const keys = new Command('keys').description(
    'API keys: create, list, rotate, revoke; keys of seals: rotate-master, rotate-person',
  );
  keys
    .addCommand(createCommand(output))
    .addCommand(listCommand(output))
    .addCommand(rotateCommand(output))
    .addCommand(revokeCommand(output))
    .addCommand(rotateMasterCommand(output))
    .addCommand(rotatePersonCommand(output));
  return keys;
}

function createCommand(output: Output) {
  return new Command('create')
    .description('Create a key; its text is shown once')
    .addOption(new Option('--role <role>', `one of ${roleNames.join(', ')}`).choices(roleNames).makeOptionMandatory())
    .option('--label <text>', 'what the key is for', 'command line')
    .option('--customer <id>', 'customer that a key of the role customer is bound to')
    .addOption(
      new Option('--scope <action>', 'only this action, e.g. order.read; repeatable')
        .argParser(action)
        .default([], 'every action of the role'),
    )
    .option('--days <n>', 'days until it expires; if left out never, and 30 for an auditor (90 at most)', wholeNumber)
    .option('--json', 'answer as JSON')
    .action(async (options) => {
      const { key, text } = await withHouse((house) =>
        house.keys.create({
          label: options.label,
          role: options.role as Role,
          ...(options.customer !== undefined && { customerId: options.customer }),
          ...(options.scope.length > 0 && { scopes: options.scope }),
          ...(options.days !== undefined && { expiresAt: daysFrom(house.clock(), options.days) }),
          createdBy: { id: 'command line', operator: true },
        }),
      );
      showNew(output, key, text, options.json);
    });
}

function listCommand(output: Output) {
  return new Command('list')
    .description('List keys; secrets are not kept and cannot be shown')
    .option('--json', 'answer as JSON')
    .action(async ({ json }) => {
      const all = await withHouse((house) => house.keys.list());
      const rows = all.map((key) => [
        key.keyId,
        key.principal.role,
        key.principal.customerId ?? '',
        key.label,
        key.expiresAt,
        key.lastUsedAt,
        key.revokedAt,
      ]);
      const columns = ['key', 'role', 'customer', 'label', 'expires', 'last used', 'revoked'];
      output.data(json ? JSON.stringify(all) : table(columns, rows));
    });
}

function rotateCommand(output: Output) {
  return new Command('rotate')
    .description('Give a key a new secret; the old one stays valid for the overlap')
    .addArgument(new Argument('<key>', 'id of the key'))
    .option('--overlap <hours>', 'hours that the old secret stays valid', wholeNumber, 24)
    .option('--json', 'answer as JSON')
    .action(async (keyId, { overlap, json }) => {
      const { key, text } = await withHouse((house) => house.keys.rotate(keyId, { overlapSeconds: overlap * 3600 }));
      showNew(output, key, text, json);
    });
}

function revokeCommand(output: Output) {
  return new Command('revoke')
    .description('Refuse a key from now on')
    .addArgument(new Argument('<key>', 'id of the key'))
    .option('--json', 'answer as JSON')
    .action(async (keyId, { json }) => {
      await withHouse((house) => house.keys.revoke(keyId));
      if (json) return output.data(JSON.stringify({ revoked: keyId }));
      output.words(`Key ${keyId} is revoked.`);
    });
}

function showNew(output: Output, key: ApiKey, text: string, json: true | undefined): void {
  output.data(json ? JSON.stringify({ ...key, text }) : text);
  const until = key.expiresAt === null ? '' : ` Valid until ${key.expiresAt}.`;
  output.words(`Key ${key.keyId} (${key.principal.role}).${until} Keep it now: it is not shown again.`);
}

function action(text: string, before: readonly Action[] = []): readonly Action[] {
  if (!isAction(text)) throw new InvalidArgumentError('an action like order.read is expected');
  return [...before, text];
}

function wholeNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('a whole number is expected');
  return Number(text);
}

const daysFrom = (now: string, days: number): string => new Date(Date.parse(now) + days * 86_400_000).toISOString();
