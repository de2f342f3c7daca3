import type { Position } from '../../events/envelope.ts';
import { canonicalJson } from '../../values/canonical-json.ts';
import { sha256Hex } from '../../values/digest.ts';
import type { Skip } from '../quarantine/skips.ts';
import type { RowDifference } from './differences.ts';

/**
 * `equal`: rebuilt tables and shown tables hold the same rows. `different`: they do not, although their version is the same.
 * `new-version`: they are made by different versions; the differing rows are what the new version changes.
 */
export type CertificateVerdict = 'equal' | 'different' | 'new-version';

export interface TableVerdict {
  readonly table: string;
  /** Rows and SHA-256 of the rebuilt table. */
  readonly rows: number;
  readonly digest: string;
  /** The same of the table that was shown; absent where it has no such table. */
  readonly shown?: { readonly rows: number; readonly digest: string };
  /** Exactly how many rows differ: changed, only here, or only there. */
  readonly differing: number;
  /** Columns that only one of two versions has: they are not compared. */
  readonly columns?: { readonly added: readonly string[]; readonly removed: readonly string[] };
}

/** What a rebuild proves: which events make which rows, and whether these are the rows that readers saw. */
export interface Certificate {
  readonly id: string;
  readonly format: 1;
  readonly projection: string;
  readonly version: number;
  readonly generation: number;
  readonly shown: { readonly generation: number; readonly version: number; readonly position: Position | 'start' };
  /** Where the events came from; the journal is compared with the log whenever it is written. */
  readonly source: 'log' | 'journal';
  readonly covered: {
    readonly first: Position | null;
    readonly last: Position | 'start';
    /** Events that concern the projection. */
    readonly events: number;
  };
  /** Events that were left out because somebody decided so. */
  readonly skipped: readonly Skip[];
  readonly tables: readonly TableVerdict[];
  /** SHA-256 of the tables and event schemas, and of the program that folded them. */
  readonly schema: string;
  readonly code: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly verdict: CertificateVerdict;
  readonly differing: number;
  /** The first of the differing rows; `differing` counts all of them. */
  readonly differences: readonly RowDifference[];
  /** SHA-256 of the canonical JSON of everything above. */
  readonly sha256: string;
}

export const sealed = (content: Omit<Certificate, 'sha256'>): Certificate => ({
  ...content,
  sha256: sha256Hex(canonicalJson(content)),
});

/** True when the certificate is as it was published. */
export function isIntact({ sha256, ...content }: Certificate): boolean {
  return sha256Hex(canonicalJson(content)) === sha256;
}
