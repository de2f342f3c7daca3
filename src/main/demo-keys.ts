import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Role, roles } from '../api/access.ts';
import type { House } from './compose.ts';

export type KeyPerRole = Readonly<Record<string, string>>;

/**
 * One key per role for the embedded default, in a file that only its owner can read, so that every start can show them; a key
 * that has ended meanwhile is made anew. Without demo data there is no customer to bind a key to, so that role has none.
 */
export async function demoKeys({ config, keys, customers, clock }: House): Promise<KeyPerRole> {
  const file = join(config.data, 'demo-keys.json');
  const listed = await keys.list();
  const hasEnded = (text: string): boolean =>
    listed.some(({ keyId, expiresAt }) => text.includes(keyId) && expiresAt !== null && expiresAt <= clock());
  const known = Object.entries((await readKeys(file)) ?? {}).filter(([, text]) => !hasEnded(text));
  const made: Record<string, string> = Object.fromEntries(known);
  const [customer] = await customers.list({ limit: 1 });
  for (const role of Object.keys(roles) as Role[]) {
    if (role in made || (role === 'customer' && !customer)) continue;
    const { text } = await keys.create({
      label: `first start: ${role}`,
      role,
      ...(role === 'customer' && customer && { customerId: customer.customerId }),
      createdBy: { id: 'first start', operator: true },
    });
    made[role] = text;
  }
  await writeFile(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
  return made;
}

async function readKeys(file: string): Promise<KeyPerRole | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as KeyPerRole;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
