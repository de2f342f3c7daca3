import type { LocalDate } from '../../../values/dates.ts';
import { nullDay } from '../../table.ts';
import { dayOf } from '../days.ts';
import type { Dictionary } from '../dictionary.ts';
import { exactOf } from '../exact.ts';
import type { FoldedFacts } from '../facts.ts';
import { flag } from './change-columns.ts';
import type { ChangeWriter, Fixed } from './change-writer.ts';
import { numberOf, numberOfDimension } from './dictionaries.ts';

/** No such word: it equals none. */
const unknownWord = -2;
const noWord = -1;

/** Turns what an event says into codes, numbers and texts. Words that are new go into the dictionaries, and into the row. */
export class Encoder {
  readonly #facts: FoldedFacts;
  /** Dictionary and code of each word that is new. */
  #fresh: number[] = [];
  #freshWords: string[] = [];
  #codes: number[] = [];
  #numbers: number[] = [];
  #texts: string[] = [];

  constructor(facts: FoldedFacts) {
    this.#facts = facts;
  }

  code(code: number): void {
    this.#codes.push(code);
  }

  word(dictionary: Dictionary, word: string | undefined): void {
    this.code(word === undefined ? noWord : this.#codeOf(dictionary, numberOf(this.#facts, dictionary), word));
  }

  /** A word that is only looked up. */
  known(dictionary: Dictionary, word: string | undefined): void {
    const code = word === undefined ? noWord : dictionary.known(word);
    this.code(word !== undefined && code < 0 ? unknownWord : code);
  }

  /** Free dimensions: how many, then number and word of each. */
  dimensions(table: 'orders' | 'lines', dimensions: Readonly<Record<string, string>> | undefined): void {
    const rows = this.#facts[table];
    const { dimensionNames } = rows;
    const entries = Object.entries(dimensions ?? {});
    this.code(entries.length);
    for (const [name, value] of entries) {
      const at = this.#codeOf(dimensionNames, numberOf(this.#facts, dimensionNames), name);
      rows.nameDimensions();
      this.code(at);
      this.code(this.#codeOf(rows.dimension(at).dictionary, numberOfDimension(table, at), value));
    }
  }

  day(date: LocalDate | undefined): void {
    this.code(date === undefined ? nullDay : dayOf(date));
  }

  instant(instant: string | null | undefined): void {
    this.number(instant === null || instant === undefined ? Number.NaN : Date.parse(instant));
  }

  number(number: number): void {
    this.#numbers.push(number);
  }

  /** A plain decimal; what does not fit a number becomes a text. */
  amount(decimal: string): void {
    const amount = exactOf(decimal);
    this.number(typeof amount === 'number' ? amount : Number.NaN);
    if (typeof amount === 'bigint') this.text(String(amount));
  }

  text(text: string): void {
    this.#texts.push(text);
  }

  /** Writes all of it as a row; gives its index. */
  end(
    writer: ChangeWriter,
    fixed: Fixed,
    { kind, flags, order }: { kind: number; flags: number; order: number },
  ): number {
    const brings = this.#fresh.length > 0;
    if (brings) {
      writer.code(this.#freshWords.length);
      for (const code of this.#fresh) writer.code(code);
      for (const word of this.#freshWords) writer.text(word);
    }
    for (const code of this.#codes) writer.code(code);
    for (const number of this.#numbers) writer.number(number);
    for (const text of this.#texts) writer.text(text);
    return writer.end(fixed, kind, brings ? flags | flag.words : flags, order);
  }

  /** Forgets everything, for the next event. */
  clear(): void {
    this.drop();
    this.#fresh = [];
    this.#freshWords = [];
  }

  /** Forgets what the event says, but not the words: the dictionaries have them. */
  drop(): void {
    this.#codes = [];
    this.#numbers = [];
    this.#texts = [];
  }

  #codeOf(dictionary: Dictionary, number: number, word: string): number {
    const known = dictionary.known(word);
    if (known >= 0) return known;
    const code = dictionary.code(word);
    this.#fresh.push(number, code);
    this.#freshWords.push(word);
    return code;
  }
}
