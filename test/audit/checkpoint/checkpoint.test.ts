import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isCheckpointOf, parseCheckpoint, signCheckpoint } from '../../../src/audit/checkpoint/checkpoint.ts';
import { newSigner, signerFrom, verifierFrom } from '../../../src/audit/checkpoint/keys.ts';
import { isSignedBy, parseNote, signNote } from '../../../src/audit/checkpoint/note.ts';
import { leafHash } from '../../../src/audit/tree/hashing.ts';

/** The test key and note of golang.org/x/mod/sumdb/note. */
const go = {
  verifier: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  signer: 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
  text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
  signature:
    '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
};

/** A head of the Go checksum database, and the public key that every Go program knows. */
const sumdb = {
  verifier: 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8',
  note: `go.sum database tree
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— sum.golang.org Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`,
};

/** The example of https://c2sp.org/tlog-checkpoint; its signature is the one above, so no key fits it. */
const example = sumdb.note
  .replace('go.sum database tree', 'example.com/behind-the-sofa')
  .replace('— sum.golang.org', '— example.com/behind-the-sofa');

describe('notes', () => {
  test('the published note verifies, and signing it again gives the same bytes', () => {
    const note = `${go.text}\n${go.signature}`;
    expect(isSignedBy(parseNote(note), verifierFrom(go.verifier))).toBe(true);
    expect(signNote(go.text, signerFrom(go.signer))).toBe(note);
    expect(signerFrom(go.signer).verifier.text).toBe(go.verifier);
    expect(signerFrom(go.signer).secret).toBe(go.signer);
    expect(isSignedBy(parseNote(note.replace('cryptography', 'Cryptography')), verifierFrom(go.verifier))).toBe(false);
  });

  test('a key of which a part was changed is refused', () => {
    const text = go.verifier;
    for (let at = 0; at < text.length; at += 1) {
      const other = String.fromCharCode(text.charCodeAt(at) + 1);
      expect(() => verifierFrom(text.slice(0, at) + other + text.slice(at + 1)), text.slice(at)).toThrow();
      expect(() => verifierFrom(text.slice(0, at))).toThrow();
    }
    expect(() => signerFrom(go.signer.replace('c74f20a3', 'c74f20a4'))).toThrow('id');
    expect(() => signerFrom(go.verifier)).toThrow('not a signing key');
    for (const name of ['', 'with space', 'with+plus', 'with\nline']) expect(() => newSigner(name)).toThrow('name');
  });

  test.each([
    ['', 'nothing'],
    ['text\n', 'no signature'],
    [`${go.text}${go.signature}`, 'no empty line'],
    [`${go.text}\n${go.signature.slice(0, -1)}`, 'no line feed at the end'],
    [`${go.text}\n${go.signature.replace('—', '-')}`, 'a hyphen'],
    [`${go.text}\n${go.signature}\n`, 'an empty line after it'],
    [`a\u0000b\n\n${go.signature}`, 'a control character'],
  ])('%j is none: %s', (note) => {
    expect(() => parseNote(note)).toThrow('signed note');
  });
});

describe('checkpoints', () => {
  test('a published head of the Go checksum database is signed by its key', () => {
    const note = parseNote(sumdb.note);
    expect(isSignedBy(note, verifierFrom(sumdb.verifier))).toBe(true);
    const { origin, size, root } = parseCheckpoint(sumdb.note);
    expect([origin, size, root.toString('base64')]).toEqual(
      sumdb.note
        .split('\n')
        .slice(0, 3)
        .map((line, at) => (at === 1 ? Number(line) : line)),
    );
  });

  test('the example of the specification is read', () => {
    expect(parseCheckpoint(example)).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20852163 });
  });

  test('one that was signed here is of its log only, and only as it was signed', () => {
    const signer = newSigner('example.com/orders');
    const signed = signCheckpoint({ size: 17, root: leafHash('root') }, signer);
    expect(parseCheckpoint(signed.note)).toEqual(signed);
    expect(isCheckpointOf(signed, signer.verifier)).toBe(true);
    expect(isCheckpointOf(signed, verifierFrom(signer.verifier.text))).toBe(true);
    expect(isCheckpointOf(signed, newSigner('example.com/orders').verifier)).toBe(false);
    const bytes = Buffer.from(signed.note);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 7 }), (at, bit) => {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        const isGood = (): boolean => isCheckpointOf(parseCheckpoint(flipped.toString('utf8')), signer.verifier);
        expect(attempt(isGood)).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  test.each(['-1', '01', '1.5', '1e3', '', '99999999999999999'])('the size %j is none', (size) => {
    expect(() => parseCheckpoint(example.replace('20852163', size))).toThrow();
  });

  test('more lines may follow; empty ones and other roots may not', () => {
    expect(parseCheckpoint(example.replace('\n\n', '\nmore\n\n')).size).toBe(20852163);
    expect(() => parseCheckpoint(example.replace('q2I=', 'q2I'))).toThrow('not a checkpoint');
    expect(() => parseCheckpoint(example.replace('CsUY', 'Cs'))).toThrow('not a checkpoint');
  });
});

function attempt(work: () => boolean): boolean {
  try {
    return work();
  } catch {
    return false;
  }
}
