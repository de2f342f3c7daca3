import { inspect } from 'node:util';

/** A personal value as it lies in the log: ciphertext under a key of its person. */
export interface Sealed {
  /** Id of the person whose key opens it. */
  readonly person: string;
  /** Which of the keys of the person. */
  readonly key: number;
  /** base64url of nonce, tag and ciphertext. */
  readonly box: string;
}

/**
 * A personal value in plain, on its way from the edge to the seal. Deciders pass it on without looking. Who logs, stores or
 * compares it by mistake gets nothing of it.
 */
export class Personal<T> {
  readonly person: string;
  readonly #value: T;

  constructor(person: string, value: T) {
    this.person = person;
    this.#value = value;
  }

  /** For the one who seals it. */
  static valueOf<T>(personal: Personal<T>): T {
    return personal.#value;
  }

  toJSON(): string {
    return '[personal]';
  }

  toString(): string {
    return '[personal]';
  }

  [inspect.custom](): string {
    return '[personal]';
  }
}

/** What a sealed field of a fact holds: plain before it is sealed, sealed for ever after. */
export type PersonalField<T> = Sealed | Personal<T>;
