/** Run by npm after an installation: initialises the embedded database once, so that first starts only copy it. */
import { prepareDirectory, templateDirectory } from '../src/database/embedded/directory.ts';

try {
  await prepareDirectory(templateDirectory(), undefined);
} catch (error) {
  // Only a shortcut: without it the first start initialises the database itself, a few seconds slower.
  console.warn('The embedded database could not be prepared:', error);
}
