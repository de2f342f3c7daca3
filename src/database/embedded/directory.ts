import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

const exists = (path: string) => stat(path).then(Boolean, () => false);
const require = createRequire(import.meta.url);

/** A freshly initialised PostgreSQL directory, kept beside the packages so that a first start takes a second. */
export function templateDirectory(): string {
  const description = join(require.resolve('@electric-sql/pglite'), '../../package.json');
  const { version } = JSON.parse(readFileSync(description, 'utf8')) as { version: string };
  return resolve(import.meta.dirname, '../../../node_modules/.cache/orderfold', `pglite-${version}`);
}

/**
 * Makes `directory` a PostgreSQL directory unless it is one. Built beside it and renamed into place, so a process that is
 * killed half-way leaves nothing that a later start could mistake for a database.
 */
export async function prepareDirectory(directory: string, template: string | undefined): Promise<void> {
  const leftovers = `${directory}.new-`;
  const parent = resolve(directory, '..');
  await mkdir(parent, { recursive: true });
  if (await exists(directory)) return;
  const fresh = `${leftovers}${randomUUID()}`;
  if (template && (await exists(template))) await cp(template, fresh, { recursive: true });
  else await (await PGlite.create({ dataDir: fresh })).close();
  await rename(fresh, directory);
}

/** Removes what killed first starts left. Only for the holder of the directory's lock. */
export async function removeUnfinished(parent: string, name: string): Promise<void> {
  for (const entry of await readdir(parent)) {
    if (entry.startsWith(`${name}.new-`)) await rm(join(parent, entry), { recursive: true, force: true });
  }
}
