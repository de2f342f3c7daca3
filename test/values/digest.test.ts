import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/values/canonical-json.ts';
import { sha256Hex } from '../../src/values/digest.ts';
import { codeOf, numRuns } from './runs.ts';

describe('digests', () => {
  it('are SHA-256 in hexadecimal, of text as UTF-8', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256Hex('é')).toBe(sha256Hex(new Uint8Array([0xc3, 0xa9])));
  });
});

describe('canonical JSON', () => {
  it('follows RFC 8785', () => {
    const example = {
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 1e-27],
      literals: [null, true, false],
      '€': 1,
      '\r': 2,
      '1': 3,
    };
    expect(canonicalJson(example)).toBe(
      '{"\\r":2,"1":3,"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"€":1}',
    );
  });

  it('does not depend on the order of keys and parses back to the same value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns },
    );
  });

  it('refuses what JSON cannot say', () => {
    expect(codeOf(() => canonicalJson(undefined))).toBe('not-json');
    expect(codeOf(() => canonicalJson(() => 1))).toBe('not-json');
    expect(codeOf(() => canonicalJson({ x: Number.NaN }))).toBe('not-json');
    expect(codeOf(() => canonicalJson([1n]))).toBe('not-json');
  });

  it('is what another implementation of RFC 8785 makes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
      { numRuns },
    );
  });
});
