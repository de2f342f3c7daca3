import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import { InvalidValue } from '../../values/refusal.ts';

/** Ed25519 keys in the text forms of C2SP signed-note: https://c2sp.org/signed-note */

const algorithm = 1;
const publicBytes = 32;
/** What stands before the 32 bytes of a key in DER (RFC 8410). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const spki = Buffer.from('302a300506032b6570032100', 'hex');

export interface Verifier {
  readonly name: string;
  /** First four bytes of SHA-256(name, line feed, algorithm, public key). */
  readonly id: Buffer;
  /** `name+id+key`, as it is given to whoever verifies. */
  readonly text: string;
  verifies(message: string, signature: Uint8Array): boolean;
}

export interface Signer {
  readonly verifier: Verifier;
  /** `PRIVATE+KEY+name+id+key`: secret. */
  readonly secret: string;
  sign(message: string): Buffer;
}

/** Names have no white space and no plus sign. Throws InvalidValue. */
export function keyName(name: string): string {
  if (name !== '' && name.length <= 200 && !/[\s+\p{C}]/u.test(name)) return name;
  throw new InvalidValue('invalid-key-name', 'The name of a key has no spaces and no "+", e.g. example.com/orderfold');
}

function verifierOf(name: string, key: Uint8Array): Verifier {
  const encoded = Buffer.concat([Uint8Array.of(algorithm), key]);
  const id = createHash('sha256').update(`${name}\n`).update(encoded).digest().subarray(0, 4);
  const publicKey = createPublicKey({ key: Buffer.concat([spki, key]), format: 'der', type: 'spki' });
  return {
    name,
    id,
    text: `${name}+${id.toString('hex')}+${encoded.toString('base64')}`,
    verifies: (message, signature) => verify(null, Buffer.from(message), publicKey, signature),
  };
}

const publicPartOf = (key: KeyObject): Buffer =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(spki.length);

function signerOf(name: string, seed: Uint8Array): Signer {
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' });
  const verifier = verifierOf(name, publicPartOf(privateKey));
  const encoded = Buffer.concat([Uint8Array.of(algorithm), seed]).toString('base64');
  return {
    verifier,
    secret: `PRIVATE+KEY+${name}+${verifier.id.toString('hex')}+${encoded}`,
    sign: (message) => sign(null, Buffer.from(message), privateKey),
  };
}

/** A new key. Throws InvalidValue when the name cannot be one. */
export const newSigner = (name: string): Signer => signerOf(keyName(name), randomBytes(publicBytes));

/** Throws InvalidValue; never with the key in its message. */
export function signerFrom(text: string): Signer {
  const { name, id, key } = partsOf(/^PRIVATE\+KEY\+([^+]*)\+([0-9a-f]{8})\+(\S*)$/, text, 'a signing key');
  const signer = signerOf(name, key);
  if (signer.verifier.id.equals(id)) return signer;
  throw new InvalidValue('invalid-key', 'The id of the signing key does not belong to it: a part of it was changed.');
}

/** Throws InvalidValue. */
export function verifierFrom(text: string): Verifier {
  const { name, id, key } = partsOf(/^([^+]*)\+([0-9a-f]{8})\+(\S*)$/, text, 'a public key (name+id+key)');
  const verifier = verifierOf(name, key);
  if (verifier.id.equals(id)) return verifier;
  throw new InvalidValue('invalid-key', 'The id of the public key does not belong to it: a part of it was changed.');
}

function partsOf(form: RegExp, text: string, what: string) {
  const [, name = '', id = '', encoded = ''] = form.exec(text.trim()) ?? [];
  const key = Buffer.from(encoded, 'base64');
  if (name !== '' && key.toString('base64') === encoded && key[0] === algorithm && key.length === 1 + publicBytes) {
    return { name: keyName(name), id: Buffer.from(id, 'hex'), key: key.subarray(1) };
  }
  throw new InvalidValue('invalid-key', `This is not ${what} for Ed25519 in the form of signed notes.`);
}
