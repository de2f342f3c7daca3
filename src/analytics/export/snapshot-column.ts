import type { FactView } from '../facts/tables.ts';
import type { Column } from '../table.ts';
import { bytesPerRow } from './extract.ts';
import type { Values, Width } from './pile.ts';

/** One column of a snapshot: numbers in the pile, and words beside them. */
export class SnapshotColumn {
  readonly view: FactView;
  /** Codes of a dictionary that holds only the words that were chosen; undefined where the whole dictionary is taken. */
  readonly #own: OwnWords | undefined;
  #words: readonly string[] = [];

  constructor(view: FactView, some: boolean) {
    this.view = view;
    this.#own = view.kind === 'word' && some ? new OwnWords(view.words) : undefined;
  }

  get width(): Width {
    const { kind } = this.view;
    return kind === 'text' ? 4 : bytesOfKind[kind];
  }

  read(from: number, to: number, chosen: Int32Array | undefined, count: number): Values {
    const values = this.view.read(from, to);
    return this.#own ? this.#own.recoded(values, chosen, count) : values;
  }

  /** The words are those of this moment: what the fold adds later is not part of the snapshot. */
  finish(): void {
    if (this.view.kind === 'word') this.#words = this.#own ? this.#own.words : wordsOf(this.view);
  }

  column(values: Values): Column {
    return this.view.kind === 'word'
      ? { ...this.#named, kind: 'word', words: this.#words, values: values as Int32Array }
      : columnOf(this.view, values);
  }

  get #named() {
    return { name: this.view.name, about: this.view.about };
  }
}

const bytesOfKind = { instant: 8, number: 8, day: 4, count: 4, word: 4, flag: 1 } as const;

const wordsOf = ({ words }: FactView): string[] => words.map((word) => word ?? '');

/** The column with these values; texts are looked up. */
export function columnOf({ name, about, kind, words }: FactView, values: Values): Column {
  switch (kind) {
    case 'text':
      return { name, about, kind, values: Array.from(values, (code) => words[code] ?? null) };
    case 'word':
      return { name, about, kind, values: values as Int32Array, words: words as readonly string[] };
    case 'instant':
    case 'number':
      return { name, about, kind, values: values as Float64Array };
    case 'flag':
      return { name, about, kind, values: values as Uint8Array };
    default:
      return { name, about, kind, values: values as Int32Array };
  }
}

export const bytesOf = ({ kind }: FactView): number => bytesPerRow[kind];

class OwnWords {
  readonly words: string[] = [];
  readonly #all: readonly (string | null)[];
  readonly #codes = new Map<number, number>();

  constructor(all: readonly (string | null)[]) {
    this.#all = all;
  }

  /** The values with codes of its own in the rows that are taken. */
  recoded(values: Values, chosen: Int32Array | undefined, count: number): Values {
    const recoded = values.slice();
    for (let n = 0; n < count; n += 1) {
      const row = chosen ? (chosen[n] as number) : n;
      recoded[row] = this.#code(values[row] as number);
    }
    return recoded;
  }

  #code(code: number): number {
    if (code < 0) return -1;
    let own = this.#codes.get(code);
    if (own === undefined) {
      own = this.words.push(this.#all[code] ?? '') - 1;
      this.#codes.set(code, own);
    }
    return own;
  }
}
