import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import { type MasterKey, masterKeyOf, newKeyBytes, parseMasterKey } from '../events/seals/cipher.ts';
import { type MasterKeys, personKeys } from '../events/seals/person-keys.ts';
import { MasterKeyProblem } from '../events/seals/problems.ts';

/** Where the master key of an installation comes from: the environment, or a file of the embedded default. */

type Settings = Pick<Config, 'masterKey' | 'oldMasterKey' | 'databaseUrl' | 'data'>;
type Announce = (words: string) => void;

export const masterKeyFile = (data: string): string => join(data, 'master-key');
const nextFile = (data: string): string => `${masterKeyFile(data)}.new`;

/**
 * The master keys, which open every key there is. Empty where none is given and none is needed. Throws MasterKeyProblem; then
 * nothing was changed.
 */
export async function openMasterKeys(config: Settings, database: Database, announce: Announce): Promise<MasterKeys> {
  const given = config.masterKey === undefined ? undefined : parseMasterKey(config.masterKey);
  const old = config.oldMasterKey === undefined ? undefined : parseMasterKey(config.oldMasterKey);
  const embedded = given === undefined && config.databaseUrl === undefined;
  const masters = embedded ? { current: await keyInFile(config.data, database, announce) } : { current: given, old };
  await personKeys(database, masters).check();
  return masters;
}

/** The key in the file; one is made where nothing was sealed yet. */
async function keyInFile(data: string, database: Database, announce: Announce): Promise<MasterKey> {
  await finishChange(data, database);
  const known = await readKey(masterKeyFile(data));
  if (known) return known;
  await personKeys(database, {}).check();
  const made = await writeKey(masterKeyFile(data));
  announce(`${masterKeyFile(data)} was made: the master key of this installation. What is sealed opens only with it`);
  return made;
}

/** A change that was cut off: the database says which of the two keys holds. */
async function finishChange(data: string, database: Database): Promise<void> {
  const next = await readKey(nextFile(data));
  if (!next) return;
  try {
    await personKeys(database, { current: next }).check();
    await rename(nextFile(data), masterKeyFile(data));
  } catch (error) {
    if (!(error instanceof MasterKeyProblem)) throw error;
    await rm(nextFile(data));
  }
}

/**
 * Wraps all keys anew and answers how many were wrapped by the old master key: by the one in ORDERFOLD_MASTER_KEY where there
 * is one, else by a new one in the file. Throws MasterKeyProblem; then nothing was changed.
 */
export async function changeMasterKey(config: Settings, database: Database, masters: MasterKeys): Promise<number> {
  if (config.masterKey !== undefined || config.databaseUrl !== undefined) return personKeys(database, masters).rewrap();
  const next = await writeKey(nextFile(config.data));
  const wrapped = await personKeys(database, { current: next, old: masters.current }).rewrap();
  await rename(nextFile(config.data), masterKeyFile(config.data));
  return wrapped;
}

async function readKey(file: string): Promise<MasterKey | undefined> {
  try {
    return parseMasterKey(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeKey(file: string): Promise<MasterKey> {
  const bytes = newKeyBytes();
  await writeFile(file, `${bytes.toString('base64')}\n`, { mode: 0o600, flush: true });
  return masterKeyOf(bytes);
}
