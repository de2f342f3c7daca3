import type { DomainEvent, EventOf } from '../events/decode.ts';

/**
 * A projection is a value. Its events are folded, per key, into a document; the document yields the rows of its tables.
 * Handlers are pure: they never read the clock, the network or another projection's tables.
 */
export interface Projection<Doc = unknown> {
  readonly name: string;
  /** Raise it when handlers or tables change: the new version is built beside the old one. */
  readonly version: number;
  /** What the documents are keyed by; the stream unless told otherwise. */
  readonly keyOf?: (event: DomainEvent) => string;
  readonly handles: Handlers<Doc>;
  /** Types that only ever open a document when they are the first of their stream: nothing is looked up for them. */
  readonly opens?: readonly DomainEvent['type'][];
  /**
   * Documents are kept as JSON beside the tables, unless one of the tables already tells all of them. `nowhere`: each is made of
   * its last event alone, so that none is looked up.
   */
  readonly kept?: KeptDocuments<Doc> | 'nowhere';
  /** The one stream that a row is made of, told by its key; left out, any stream may have made a part of it. */
  readonly streamOf?: (key: Row) => string;
  readonly tables: readonly Table<Doc>[];
  readonly totals?: readonly Totals<Doc>[];
  /** What tools that speak SQL may see of it. */
  readonly published?: readonly PublishedView[];
}

/** A view in the schema `analytics`, over the views of one projection. No JSON, and no personal data. */
export interface PublishedView {
  readonly name: string;
  readonly about: string;
  /** The FROM clause and what follows it. */
  readonly from: string;
  /** `sql` is the name itself if left out. */
  readonly columns: Readonly<Record<string, { readonly sql?: string; readonly about: string }>>;
}

/** Documents that are read back from the rows of a table: one row per document, found by a key column of type text. */
export interface KeptDocuments<Doc> {
  readonly table: string;
  readonly key: string;
  /** The column whose length tells how large the document is. */
  readonly size: string;
  readonly columns: readonly string[];
  /** Exactly the document that the row was made of. */
  readonly restore: (row: Row) => Doc;
}

/** `undefined` is the document before its first event. Unchanged parts keep their identity, so that only changed rows are written. */
export type Handlers<Doc> = {
  readonly [Name in DomainEvent['type']]?: (doc: Doc | undefined, event: EventOf<Name>) => Doc;
};

/** `document` takes JSON text, never null, and gives the same text back; the database does not look into it. */
export type SqlType =
  | 'text'
  | 'integer'
  | 'bigint'
  | 'numeric'
  | 'boolean'
  | 'date'
  | 'timestamptz'
  | 'document'
  | 'jsonb';

/** Column -> value; a column left out is null, and leaving it out is cheaper than saying so. */
export type Row = Readonly<Record<string, Cell>>;

/** `jsonb` columns take an object, all others a scalar. */
export type Cell = string | number | boolean | null | undefined | Readonly<Record<string, string>>;

/** One row per key; a row is written when its document changed it. Rows depend on nothing but the document. */
export interface Table<Doc> {
  readonly name: string;
  readonly columns: Readonly<Record<string, SqlType>>;
  readonly key: readonly string[];
  /** Column lists (or expressions) to index, e.g. 'customer_id, ordered_on'. Built after the load in a rebuild. */
  readonly indexes?: readonly string[];
  /** Columns that are no part of the digest: places in the log, which differ where the same history was written in another order. */
  readonly undigested?: readonly string[];
  /** The rows of `after` that differ from those of `before`. Rows are never taken away. */
  readonly rows: (after: Doc, before: Doc | undefined) => readonly Row[];
}

/** Additive totals by key (e.g. by day): the runner adds what a document contributes now minus what it contributed before. */
export interface Totals<Doc> {
  readonly name: string;
  readonly key: Readonly<Record<string, SqlType>>;
  /** Whole numbers; a measure left out of a contribution is 0. */
  readonly measures: readonly string[];
  readonly contributions: (doc: Doc) => readonly Row[];
}

/** Lets projections of different documents stand in one list; the document's type matters only inside the projection. */
export const defineProjection = <Doc>(projection: Projection<Doc>): Projection => projection as unknown as Projection;

/** Event types that at least one of the projections handles: the filter of the subscription. */
export const handledTypes = (projections: readonly Projection[]): string[] =>
  [...new Set(projections.flatMap((projection) => Object.keys(projection.handles)))].sort();
