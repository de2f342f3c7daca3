/** A table as analysts see it: named columns of equal length over typed arrays, never row objects. */
export interface Table {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly Column[];
}

interface Named {
  readonly name: string;
  /** What the column means, in one sentence; goes into documentation and schema metadata. */
  readonly about: string;
}

/** Values may be longer than `rows`: what lies behind is not part of the table. */
export type Column =
  /** Instants in milliseconds since 1970-01-01T00:00Z; NaN is null. */
  | (Named & { readonly kind: 'instant'; readonly values: Float64Array })
  /** Days since 1970-01-01; `nullDay` is null. */
  | (Named & { readonly kind: 'day'; readonly values: Int32Array })
  /** NaN is null. */
  | (Named & { readonly kind: 'number'; readonly values: Float64Array })
  /** Whole numbers, never null. */
  | (Named & { readonly kind: 'count'; readonly values: Int32Array })
  /** 0 is false, 1 is true, 2 is null. */
  | (Named & { readonly kind: 'flag'; readonly values: Uint8Array })
  /** Codes into `words`, an append-only dictionary; -1 is null. */
  | (Named & { readonly kind: 'word'; readonly values: Int32Array; readonly words: readonly string[] })
  /** Text that rarely repeats, e.g. ids. */
  | (Named & { readonly kind: 'text'; readonly values: readonly (string | null)[] });

export const nullDay = -0x8000_0000;
