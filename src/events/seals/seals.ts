import { createHmac } from 'node:crypto';
import { canonicalJson } from '../../values/canonical-json.ts';
import type { Fact } from '../catalog/index.ts';
import type { Recorded } from '../envelope.ts';
import { decrypt, encrypt } from './cipher.ts';
import { changeSealed, sealedFields } from './fields.ts';
import { type Opened, opener, type Place, valuesIn } from './opening.ts';
import type { PersonKeys } from './person-keys.ts';
import { Personal, type Sealed } from './personal.ts';

export type { Opened } from './opening.ts';
export { marks } from './opening.ts';

/** Seals what is recorded of persons, and opens it for those who may read it. */
export interface Seals {
  /** The facts with everything personal sealed, bound to the stream. Throws PersonErased, MasterKeyProblem. */
  seal<F extends Fact>(stream: string, facts: readonly F[]): Promise<readonly F[]>;
  /**
   * A document, an event or a list of either with every sealed value replaced: by what it holds, or by a mark. Events and documents
   * of read models both tell where their values were sealed. Never throws for what it finds.
   */
  open<Document>(document: Document, view: 'plain' | 'masked'): Promise<Opened<Document>>;
  /** HMAC-SHA-256 under a key of the house: the same text gives the same word, and nobody can try texts without the key. */
  blind(purpose: string, text: string): Promise<string>;
  readonly keys: PersonKeys;
}

export function createSeals(keys: PersonKeys): Seals {
  const blinding = new Map<string, Promise<Buffer>>();
  return {
    keys,
    seal: (stream, facts) => sealAll(keys, stream, facts),
    async open(document, view) {
      const values = valuesIn(document);
      if (values.length === 0) return { document, persons: [] };
      const owned = await keys.of(values.map(({ person }) => person));
      return opener(owned, view, unseal)(document);
    },
    async blind(purpose, text) {
      let key = blinding.get(purpose);
      if (!key) {
        key = keys.current(`purpose:${purpose}`).then(({ bytes }) => bytes);
        key.catch(() => blinding.delete(purpose));
        blinding.set(purpose, key);
      }
      return createHmac('sha256', await key)
        .update(text)
        .digest('hex');
    },
  };
}

const boundTo = ({ stream, type, field }: Place, person: string, key: number): string =>
  JSON.stringify([stream, type, field, person, key]);

const unseal = (key: Buffer, { person, key: version, box }: Sealed, place: Place): unknown => {
  const plain = decrypt(key, box, boundTo(place, person, version));
  return plain === undefined ? undefined : (JSON.parse(plain.toString()) as unknown);
};

async function sealAll<F extends Fact>(keys: PersonKeys, stream: string, facts: readonly F[]): Promise<readonly F[]> {
  if (!facts.some(({ type }) => sealedFields.has(type))) return facts;
  const current = new Map<string, Awaited<ReturnType<PersonKeys['current']>>>();
  for (const { type, data } of facts) {
    const persons: string[] = [];
    changeSealed(type, data, (value) => {
      if (value instanceof Personal) persons.push(value.person);
      return value;
    });
    for (const person of persons) if (!current.has(person)) current.set(person, await keys.current(person));
  }
  return facts.map((fact) => {
    const data = changeSealed(fact.type, fact.data, (value, field): unknown => {
      if (!(value instanceof Personal)) return value; // sealed before, e.g. decided again
      const { person } = value;
      const key = current.get(person);
      if (!key) throw new Error('A person has no key');
      const bound = boundTo({ stream, type: fact.type, field }, person, key.version);
      const box = encrypt(key.bytes, Buffer.from(canonicalJson(Personal.valueOf(value))), bound);
      return { person, key: key.version, box } satisfies Sealed;
    });
    return { ...fact, data } as F;
  });
}

/** The data of an event with its sealed values told where they were sealed, so that they can be opened from a document. */
export function placed<E extends Pick<Recorded, 'stream' | 'type' | 'data'>>({ stream, type, data }: E): E['data'] {
  return changeSealed(type, data, (value, field) => ({ ...(value as Sealed), place: { stream, type, field } }));
}
