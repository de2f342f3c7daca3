import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { newSigner, type Signer, signerFrom } from './keys.ts';

export interface KeyChoice {
  /** The key itself, `PRIVATE+KEY+...`. Else it is in the file. */
  readonly text?: string;
  /** Made with a new key when it is not there; only its owner can read it. */
  readonly file: string;
  /** Name of a new key; something unique if left out. */
  readonly name?: string;
}

/** The key that signs checkpoints. Throws InvalidValue when what was given is none. */
export async function signingKey({ text, file, name }: KeyChoice): Promise<Signer> {
  if (text !== undefined) return signerFrom(text);
  const kept = await contentsOf(file);
  if (kept !== undefined) return signerFrom(kept);
  const signer = newSigner(name ?? `orderfold-${randomBytes(4).toString('hex')}`);
  return (await keep(file, signer)) ? signer : signerFrom((await contentsOf(file)) ?? '');
}

async function contentsOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** False when another process was faster. */
async function keep(file: string, { secret }: Signer): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true });
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(`${secret}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await chmod(file, 0o600); // whatever the umask
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
