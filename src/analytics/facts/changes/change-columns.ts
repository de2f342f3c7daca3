/** Texts one after another; text `i` lies in the bytes from `offsets[i]` to `offsets[i + 1]`. */
export interface Utf8Column {
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}

/**
 * What events mean for the facts, an event in a row, every event of the log in order. `codes`, `numbers` and `texts` have as
 * many entries for a row as its kind needs: those of row `i` lie from `ends[i]` to `ends[i + 1]`.
 */
export interface ChangeColumns {
  readonly events: number;
  /** Number of the first event in the log, counted from 0. */
  readonly first: number;
  readonly position: Utf8Column;
  readonly kind: Uint8Array;
  readonly flags: Uint8Array;
  /** Row of the order; -1 for none. */
  readonly order: Int32Array;
  /** Epoch milliseconds. */
  readonly occurredAt: Float64Array;
  readonly recordedAt: Float64Array;
  readonly codeEnds: Int32Array;
  readonly codes: Int32Array;
  readonly numberEnds: Int32Array;
  readonly numbers: Float64Array;
  readonly textEnds: Int32Array;
  readonly texts: Utf8Column;
}

/** Kinds of changes by number. Numbers are kept in files: new kinds go to the end. */
export const changeKinds = [
  'none',
  'Parked',
  'OrderStarted',
  'OrderLinesAdded',
  'OrderSubmitted',
  'OrderAccepted',
  'OrderRejected',
  'HoldPlaced',
  'HoldReleased',
  'OrderLinesChanged',
  'QuantityCancelled',
  'OrderCancelled',
  'PromiseCommitted',
  'PromiseRevised',
  'LinesShipped',
  'LinesDelivered',
  'DeliveryErrorRecorded',
  'OrderClosed',
  'OrderReopened',
] as const;
export type ChangeKind = (typeof changeKinds)[number];

export const kindOf = (kind: ChangeKind): number => changeKinds.indexOf(kind);

/** Bits of `flags`. */
export const flag = {
  /** Went through human hands. */
  human: 1,
  /** Brings words that the dictionaries do not have yet. */
  words: 2,
  /** Undoes or repeats a step. */
  rework: 4,
  /** Does so if the order was accepted before. */
  reworkOnceAccepted: 8,
} as const;
