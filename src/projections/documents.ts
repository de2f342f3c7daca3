import { LRUCache } from 'lru-cache';
import type { Queryable } from '../database/database.ts';
import { selectDocuments } from './statements.ts';

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

/** Documents of the keys in the table; a key without one is left out. */
export async function loadDocuments(
  database: Queryable,
  table: string,
  keys: readonly string[],
): Promise<Map<string, unknown>> {
  const rows = await database.query<{ key: string; doc: string }>(selectDocuments(table, keys));
  return new Map(rows.map(({ key, doc }) => [key, JSON.parse(doc) as unknown]));
}
