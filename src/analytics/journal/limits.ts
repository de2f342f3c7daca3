/** How the journal is cut into pieces. Defaults hold at most one batch in memory and seal a file at about a million events. */
export interface JournalLimits {
  /** A batch is written when it has so many events or so many bytes, whichever is first. */
  readonly batchEvents: number;
  readonly batchBytes: number;
  /** A segment is sealed after the batch with which it reaches so many events or bytes. */
  readonly segmentEvents: number;
  readonly segmentBytes: number;
}

export const defaultLimits: JournalLimits = {
  batchEvents: 2 ** 14,
  batchBytes: 32 * 2 ** 20,
  segmentEvents: 2 ** 20,
  segmentBytes: 512 * 2 ** 20,
};
