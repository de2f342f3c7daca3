import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** A file that ends with the process, whatever ends that. */
export async function nameless(directory: string): Promise<FileHandle> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, `${randomUUID()}.export`);
  const file = await open(path, 'w+', 0o600);
  await unlink(path);
  return file;
}
