import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Principal } from '../access.ts';
import { type KeyParts, parseKey, secretMatches } from './format.ts';
import type { ApiKeys } from './keys.ts';

/** How long a verified key is believed without asking the database: the longest time that a revocation takes to work. */
const believedMs = 5_000;
/** How often the time of last use is written. */
const usageMs = 60_000;

export interface KeyVerifier {
  /** From the cache, synchronously; undefined when the database must be asked. */
  known(text: string): Principal | undefined;
  /** It was good once, as far as this process remembers. */
  familiar(text: string): boolean;
  /** Undefined when the key is unknown, wrong, expired or revoked. */
  verify(text: string): Promise<Principal | undefined>;
  /** Whose key this is; undefined when it is unknown, expired or revoked. Proves nothing: for who has shown the key before. */
  ofKey(keyId: string): Promise<Principal | undefined>;
  /** Writes the times of last use that are still in memory. */
  flush(): Promise<void>;
}

/** Fingerprints have no colon. */
const idPlace = (keyId: string): string => `id:${keyId}`;

interface Verified {
  readonly keyId: string;
  readonly principal: Principal;
  readonly until: number;
}

/**
 * Verifies keys against the database and remembers good ones for a few seconds, under the hash of their text: the hot path
 * runs no SQL, and no secret stays in memory. Unknown keys are not remembered; the rate limit bounds them.
 */
export function createKeyVerifier(keys: ApiKeys, clock: () => string, report: (error: unknown) => void): KeyVerifier {
  const verified = new LRUCache<string, Verified>({ max: 10_000 });
  /** Requests that come with the same key at once ask the database once. */
  const asking = new Map<string, Promise<Principal | undefined>>();
  const used = new Set<string>();
  let lastFlush = 0;

  const fingerprint = (text: string) => hash('sha256', text, 'base64url');

  const flush = async () => {
    if (used.size === 0) return;
    const keyIds = [...used];
    used.clear();
    await keys.markUsed(keyIds, clock());
  };

  const noteUse = (keyId: string, now: number) => {
    used.add(keyId);
    if (now - lastFlush < usageMs) return;
    lastFlush = now;
    flush().catch(report);
  };

  return {
    flush,
    known: (text) => {
      const entry = verified.get(fingerprint(text));
      if (!entry || entry.until <= Date.now()) return undefined;
      return entry.principal;
    },
    familiar: (text) => verified.has(fingerprint(text)),
    verify: (text) => {
      const parts = parseKey(text);
      if (!parts) return Promise.resolve(undefined);
      const same = asking.get(text);
      if (same) return same;
      const asked = ask(fingerprint(text), parts.keyId, parts).finally(() => asking.delete(text));
      asking.set(text, asked);
      return asked;
    },
    ofKey: async (keyId) => {
      const entry = verified.get(idPlace(keyId));
      return entry && entry.until > Date.now() ? entry.principal : ask(idPlace(keyId), keyId);
    },
  };

  async function ask(place: string, keyId: string, proof?: KeyParts): Promise<Principal | undefined> {
    const stored = await keys.find(keyId);
    if (!stored || stored.revokedAt !== null) return undefined;
    if (proof && !secretMatches(proof.secret, stored.secretHash)) return undefined;
    const now = Date.parse(clock());
    const expires = stored.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(stored.expiresAt);
    if (expires <= now) return undefined;
    const wall = Date.now();
    verified.set(place, {
      keyId: stored.keyId,
      principal: stored.principal,
      until: wall + Math.min(believedMs, expires - now),
    });
    noteUse(stored.keyId, wall);
    return stored.principal;
  }
}
