/** Run by npm after an installation: makes first starts fast and `npx orderfold` work in the checkout. Both are conveniences. */
import { mkdir, rm, symlink } from 'node:fs/promises';
import { prepareDirectory, templateDirectory } from '../src/database/embedded/directory.ts';

/** Without it the first start initialises the embedded database itself, a few seconds slower. */
async function prepareDatabaseTemplate(): Promise<void> {
  await prepareDirectory(templateDirectory(), undefined);
}

/** npm links the commands of dependencies only, and a `bin` entry of our own would make npx install the checkout as a package. */
async function linkCommand(): Promise<void> {
  const link = new URL('../node_modules/.bin/orderfold', import.meta.url);
  await mkdir(new URL('.', link), { recursive: true });
  await rm(link, { force: true });
  await symlink('../../bin/orderfold.mjs', link);
}

for (const [what, prepare] of Object.entries({
  'database template': prepareDatabaseTemplate,
  'npx orderfold': linkCommand,
})) {
  try {
    await prepare();
  } catch (error) {
    console.warn(`Not prepared: ${what}.`, error);
  }
}
