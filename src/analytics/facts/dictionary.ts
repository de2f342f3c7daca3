import { TextIndex, TextStore } from './text-store.ts';

/** Up to so many words are also kept as strings. */
const keptWords = 65_536;

/** Words by code, from 0. Only grows: what a code means, it means for ever. */
export class Dictionary {
  readonly texts = new TextStore();
  readonly #index = new TextIndex(this.texts);
  readonly #codes = new Map<string, number>();
  readonly #words: string[] = [];

  get length(): number {
    return this.texts.length;
  }

  /** All words. Made anew each time where there are very many. */
  get words(): readonly string[] {
    const { length } = this.texts;
    if (length > keptWords) return Array.from({ length }, (_, code) => this.texts.at(code));
    while (this.#words.length < length) this.#words.push(this.texts.at(this.#words.length));
    return this.#words;
  }

  code(word: string): number {
    const known = this.known(word);
    if (known >= 0) return known;
    const code = this.texts.add(word);
    this.#remember(word, code);
    return code;
  }

  /** -1 where the word has not occurred. */
  known(word: string): number {
    const quick = this.#codes.get(word);
    if (quick !== undefined) return quick;
    const code = this.#index.find(word);
    if (code >= 0) this.#remember(word, code);
    return code;
  }

  at(code: number): string | undefined {
    if (code < 0) return undefined;
    return this.texts.length > keptWords ? this.texts.at(code) : this.words[code];
  }

  /** So that the next question for a word takes no time. */
  indexed(): Generator<void> {
    return this.#index.update();
  }

  *takeFrom(other: Dictionary): Generator<void> {
    if (this.length !== other.length) yield* this.texts.takeFrom(other.texts);
  }

  #remember(word: string, code: number): void {
    if (this.#codes.size >= keptWords) this.#codes.clear();
    this.#codes.set(word, code);
  }
}
