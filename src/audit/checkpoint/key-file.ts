import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CheckpointHistory } from './history.ts';
import { newSigner, type Signer, signerFrom, type Verifier } from './keys.ts';

export interface KeyChoice {
  /** The key itself, `PRIVATE+KEY+...`. Else it is in the file. */
  readonly text?: string | undefined;
  /** Made with a new key when it is not there; only its owner can read it. */
  readonly file: string;
  /** Name of a new key; something unique if left out. */
  readonly name?: string | undefined;
}

/** The log was signed with a key that is not here. */
export class SigningKeyMissing extends Error {
  override readonly name = 'SigningKeyMissing';
  readonly code = 'signing-key-missing';
}

/** The key that signs checkpoints. Its name is the origin of the log: another key begins another history. */
export class LogKey {
  readonly #choice: KeyChoice;
  readonly #history: Pick<CheckpointHistory, 'origins'>;
  #signer: Promise<Signer> | undefined;

  constructor(choice: KeyChoice, history: Pick<CheckpointHistory, 'origins'>) {
    this.#choice = choice;
    this.#history = history;
  }

  /** Made now when there was none. Rejects with InvalidValue when what was given is no key, and with SigningKeyMissing. */
  signer(): Promise<Signer> {
    this.#signer ??= this.#load().then((known) => known ?? this.#make());
    this.#signer.catch(() => {
      this.#signer = undefined;
    });
    return this.#signer;
  }

  /** Undefined when there is no key yet. */
  async verifier(): Promise<Verifier | undefined> {
    return (await (this.#signer ?? this.#load()))?.verifier;
  }

  async #load(): Promise<Signer | undefined> {
    const { text, file } = this.#choice;
    const kept = text ?? (await contentsOf(file));
    return kept === undefined ? undefined : signerFrom(kept);
  }

  async #make(): Promise<Signer> {
    const { file, name } = this.#choice;
    const others = await this.#history.origins();
    if (others.length > 0 && name === undefined) {
      throw new SigningKeyMissing(
        `This log was signed by ${others.join(', ')}, and that key is not in ${file}. Put it there or into ORDERFOLD_AUDIT_KEY; ` +
          'or begin another history of checkpoints with a new key: name it by ORDERFOLD_AUDIT_NAME.',
      );
    }
    const signer = newSigner(name ?? `orderfold-${randomBytes(4).toString('hex')}`);
    return (await keep(file, signer)) ? signer : signerFrom((await contentsOf(file)) ?? '');
  }
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
