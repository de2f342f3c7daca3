import { InvalidValue } from '../../values/refusal.ts';
import type { Signer, Verifier } from './keys.ts';

/** Signed notes: text, an empty line, and a line for each signature (https://c2sp.org/signed-note). */

export interface NoteSignature {
  readonly name: string;
  readonly id: Buffer;
  readonly signature: Buffer;
}

export interface Note {
  /** With the line feed at its end: what is signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

const dash = '\u2014';
const longestNote = 1_000_000;
const mostSignatures = 100;

/** `text` ends in a line feed. */
export function signNote(text: string, { verifier, sign }: Signer): string {
  const signature = Buffer.concat([verifier.id, sign(text)]).toString('base64');
  return `${text}\n${dash} ${verifier.name} ${signature}\n`;
}

/** Throws InvalidValue. What the signatures are worth is not looked at. */
export function parseNote(note: string): Note {
  const end = note.lastIndexOf('\n\n');
  if (note.length > longestNote || end < 0 || !note.endsWith('\n')) throw malformed('it has no signatures');
  const text = note.slice(0, end + 1);
  // Control characters, and what is no text at all, never are in a note.
  if (/[\p{Cc}\ufffd]/u.test(text.replaceAll('\n', ''))) throw malformed('its text has control characters');
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > mostSignatures) throw malformed('it has too many signatures');
  return { text, signatures: lines.map(signatureIn) };
}

function signatureIn(line: string): NoteSignature {
  const [, name = '', encoded = ''] = /^\u2014 ([^\s+]+) (\S+)$/.exec(line) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (name === '' || bytes.length < 5 || bytes.toString('base64') !== encoded)
    throw malformed('a signature is no line of one');
  return { name, id: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

const malformed = (why: string): InvalidValue =>
  new InvalidValue('malformed-note', `This is not a signed note: ${why}.`);

/** Whether the note is signed by this key. Signatures by other keys do not matter. */
export function isSignedBy({ text, signatures }: Note, verifier: Verifier): boolean {
  const own = signatures.find(({ name, id }) => name === verifier.name && verifier.id.equals(id));
  return own !== undefined && verifier.verifies(text, own.signature);
}
