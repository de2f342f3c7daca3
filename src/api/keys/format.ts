import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** `ofk_<id>_<secret>`: the id finds the key, the secret (256 random bits, base64url) proves it. */
const shape = /^ofk_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/;
const alphabet = 'abcdefghijklmnopqrstuvwxyz012345';

export interface KeyParts {
  readonly keyId: string;
  readonly secret: string;
}

export function newKey(): KeyParts & { readonly text: string } {
  const keyId = Array.from(randomBytes(12), (byte) => alphabet[byte & 31]).join('');
  const secret = randomBytes(32).toString('base64url');
  return { keyId, secret, text: `ofk_${keyId}_${secret}` };
}

export function parseKey(text: string): KeyParts | undefined {
  const match = shape.exec(text);
  const [, keyId, secret] = match ?? [];
  return keyId && secret ? { keyId, secret } : undefined;
}

/** A plain hash is enough for a secret of 256 random bits. Hex. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Compares without telling by its time how much was right. */
export function secretMatches(secret: string, storedHash: string): boolean {
  const given = Buffer.from(hashOf(secret), 'hex');
  const stored = Buffer.from(storedHash, 'hex');
  return given.length === stored.length && timingSafeEqual(given, stored);
}
