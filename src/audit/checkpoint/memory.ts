import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseCheckpoint, type SignedCheckpoint } from './checkpoint.ts';

/**
 * The last checkpoint that was signed here, in a file beside the key: whoever can write to the database only cannot make this
 * process forget what it signed.
 */
export interface SignedMemory {
  last(): Promise<SignedCheckpoint | undefined>;
  remember(checkpoint: SignedCheckpoint): Promise<void>;
}

/** Throws InvalidValue when the file was changed so that it is no checkpoint. */
export const memoryIn = (file: string): SignedMemory => ({
  async last() {
    try {
      return parseCheckpoint(await readFile(file, 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  },
  async remember({ note }) {
    await mkdir(dirname(file), { recursive: true });
    const draft = `${file}.new`;
    const handle = await open(draft, 'w');
    try {
      await handle.writeFile(note);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  },
});
