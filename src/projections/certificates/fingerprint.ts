import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalog } from '../../events/catalog/index.ts';
import { canonicalJson } from '../../values/canonical-json.ts';
import { sha256Hex } from '../../values/digest.ts';
import type { Projection } from '../projection.ts';
import { readableShapes } from '../schema.ts';

/** SHA-256 of what a projection takes in and of the tables that it makes. */
export function schemaFingerprint(projection: Projection): string {
  const events = Object.keys(projection.handles)
    .sort()
    .map((type) => ({ type, schemaVersion: catalog.get(type)?.schemaVersion ?? 0 }));
  const tables = readableShapes(projection).map(({ name, columns, key, undigested = [] }) => ({
    ...{ name, columns, key, undigested },
  }));
  return sha256Hex(canonicalJson({ name: projection.name, version: projection.version, events, tables }));
}

/** The rooms whose source decides what rows look like. */
const rooms = ['values', 'events', 'commands', 'projections', 'processes'];

let ofProgram: string | undefined;

/** SHA-256 over the source of everything that folds events, file by file in order of name. */
export function codeFingerprint(): string {
  ofProgram ??= hashOfSource(join(import.meta.dirname, '..', '..'));
  return ofProgram;
}

function hashOfSource(root: string): string {
  const hash = createHash('sha256');
  for (const room of rooms) {
    const files = readdirSync(join(root, room), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.ts')).sort()) {
      const bytes = readFileSync(join(root, room, file));
      hash.update(`${room}/${file} ${bytes.length}\n`).update(bytes);
    }
  }
  return hash.digest('hex');
}
