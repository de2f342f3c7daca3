import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOf, newKey, parseKey, secretMatches } from '../../../src/api/keys/format.ts';

describe('API keys as text', () => {
  it('are parsed into the parts they were made of, and match only their own secret', () => {
    const [one, other] = [newKey(), newKey()];
    expect(parseKey(one.text)).toEqual({ keyId: one.keyId, secret: one.secret });
    expect(Buffer.from(one.secret, 'base64url')).toHaveLength(32);
    expect(secretMatches(one.secret, hashOf(one.secret))).toBe(true);
    expect(secretMatches(other.secret, hashOf(one.secret))).toBe(false);
    expect(secretMatches(one.secret, '')).toBe(false);
  });

  it('are refused in any other form', () => {
    const { text } = newKey();
    fc.assert(
      fc.property(fc.string(), (noise) => {
        fc.pre(noise !== '');
        expect(parseKey(text + noise)).toBeUndefined();
        expect(parseKey(noise)).toBeUndefined();
      }),
    );
  });
});
