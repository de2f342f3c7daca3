import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { InvalidValue } from '../../values/refusal.ts';

/** AES-256-GCM (NIST SP 800-38D): 96-bit random nonces, 128-bit tags. A box is base64url of nonce, tag and ciphertext. */

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

export const newKeyBytes = (): Buffer => randomBytes(keyBytes);

/** `bound` is not hidden but authenticated: the box opens only together with the same words. */
export function encrypt(key: Buffer, plain: Buffer, bound: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(bound));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

/** Undefined when the key is another one, or box or `bound` were changed. */
export function decrypt(key: Buffer, box: string, bound: string): Buffer | undefined {
  const bytes = Buffer.from(box, 'base64url');
  if (bytes.length < nonceBytes + tagBytes) return undefined;
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(bound));
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The key that wraps the keys of persons. Comes from outside and is kept nowhere in the database. */
export interface MasterKey {
  /** Tells master keys apart; says nothing about the key. */
  readonly id: string;
  readonly bytes: Buffer;
}

/** 32 bytes in base64 or hexadecimal. Throws InvalidValue, which does not say what was given. */
export function parseMasterKey(text: string): MasterKey {
  const given = text.trim();
  const bytes = /^[0-9a-f]{64}$/i.test(given) ? Buffer.from(given, 'hex') : Buffer.from(given, 'base64');
  if (bytes.length !== keyBytes || !/^[\w+/=-]+$/.test(given))
    throw new InvalidValue(
      'master-key-invalid',
      'A master key is 32 bytes in base64 or hexadecimal, e.g. from `openssl rand -base64 32`',
    );
  return masterKeyOf(bytes);
}

export const masterKeyOf = (bytes: Buffer): MasterKey => ({
  id: createHash('sha256').update('orderfold master key').update(bytes).digest('hex').slice(0, 16),
  bytes,
});
