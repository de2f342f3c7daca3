import { LRUCache } from 'lru-cache';
import type { Queryable } from '../database/database.ts';
import type { Projection, Row } from './projection.ts';
import { documentTable, physicalName } from './schema.ts';
import { selectByKey } from './statements.ts';

/**
 * Folded documents by key. True only as long as this process is the one that moves the checkpoint: cleared whenever a
 * compare-and-set fails.
 */
export interface DocumentCache {
  get(key: string): unknown;
  set(key: string, doc: unknown, jsonLength: number): void;
  clear(): void;
}

// A parsed document takes about this many times the length of its JSON.
const bytesPerCharacter = 5;
const bytesOfEntry = 200;

export function documentCache(limit: { readonly entries: number; readonly bytes: number }): DocumentCache {
  const cache = new LRUCache<string, object>({ max: limit.entries, maxSize: limit.bytes });
  return {
    get: (key) => cache.get(key),
    set: (key, doc, jsonLength) => {
      cache.set(key, doc as object, { size: jsonLength * bytesPerCharacter + bytesOfEntry });
    },
    clear: () => cache.clear(),
  };
}

/** The stored documents of the keys; a key without one is left out. */
export async function loadDocuments(
  database: Queryable,
  { kept, ...projection }: Projection,
  generation: number,
  keys: readonly string[],
): Promise<Map<string, unknown>> {
  if (kept === 'nowhere') return new Map();
  if (kept) {
    const statement = selectByKey(physicalName(kept.table, generation), kept.key, kept.columns, keys);
    const rows = await database.query<Row>(statement);
    return new Map(rows.map((row) => [String(row.document_key), kept.restore(row)]));
  }
  const rows = await database.query<Row>(selectByKey(documentTable(projection, generation), 'key', ['doc'], keys));
  return new Map(rows.map((row) => [String(row.document_key), JSON.parse(String(row.doc)) as unknown]));
}
