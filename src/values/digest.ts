import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { InvalidValue } from './refusal.ts';

/** SHA-256 in 64 lower-case hexadecimal digits. Text is hashed as UTF-8. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** The one JSON text of a value (RFC 8785): equal values give equal bytes. Throws InvalidValue for what JSON cannot say. */
export function canonicalJson(value: unknown): string {
  const json = canonicalize(value);
  if (json === undefined) throw new InvalidValue('not-json', `A ${typeof value} has no JSON form`);
  return json;
}
