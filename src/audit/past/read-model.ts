import type { DomainEvent } from '../../events/decode.ts';

/** A projection, as far as its past needs to be known: the very handlers and tables that made the live rows. */
export interface ReadModel {
  readonly name: string;
  readonly version: number;
  readonly keyOf?: (event: DomainEvent) => string;
  readonly streamOf?: (key: RowKey) => string;
  // The values of a handler table are functions of one event type each, so that no type says them all.
  readonly handles: object;
  readonly tables: readonly TableOfModel[];
  readonly totals?: readonly TotalsOfModel[];
}

export type Cells = Readonly<Record<string, unknown>>;
export type RowKey = Readonly<Record<string, string | number>>;

export interface TableOfModel {
  readonly name: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly key: readonly string[];
  rows(after: unknown, before: unknown): readonly Cells[];
}

export interface TotalsOfModel {
  readonly name: string;
  readonly key: Readonly<Record<string, string>>;
  readonly measures: readonly string[];
  contributions(doc: unknown): readonly Cells[];
}

/** A table that readers see, with the read model that makes it. */
export type Readable = {
  readonly model: ReadModel;
  readonly name: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly key: readonly string[];
  /** The row that the document makes; undefined when it makes none. Of totals: what it adds. */
  readonly rowOf: (doc: unknown, key: RowKey) => Cells | undefined;
  /** Rows are sums over many documents. */
  readonly summed: boolean;
};

/** Every table of the read models by its name. */
export const readables = (models: readonly ReadModel[]): ReadonlyMap<string, Readable> =>
  new Map(
    models.flatMap((model) => [
      ...model.tables.map((table): [string, Readable] => [table.name, ofTable(model, table)]),
      ...(model.totals ?? []).map((totals): [string, Readable] => [totals.name, ofTotals(model, totals)]),
    ]),
  );

const ofTable = (model: ReadModel, { name, columns, key, rows }: TableOfModel): Readable => ({
  model,
  name,
  columns,
  key,
  rowOf: (doc, wanted) => rows(doc, undefined).find((row) => hasKey(row, wanted)),
  summed: false,
});

function ofTotals(model: ReadModel, { name, key, measures, contributions }: TotalsOfModel): Readable {
  const columns = { ...key, ...Object.fromEntries(measures.map((measure) => [measure, 'bigint'])) };
  const rowOf = (doc: unknown, wanted: RowKey): Cells | undefined => {
    const added = contributions(doc).filter((row) => hasKey(row, wanted));
    return added.length === 0 ? undefined : added.reduce((sum, row) => plus(sum, row, measures), wanted);
  };
  return { model, name, columns, key: Object.keys(key), rowOf, summed: true };
}

/** The key of a row, with the measures of both; or those of the one less those of the other. */
export const plus = (a: Cells, b: Cells, measures: readonly string[], sign: 1 | -1 = 1): Cells => ({
  ...a,
  ...Object.fromEntries(measures.map((measure) => [measure, Number(a[measure] ?? 0) + sign * Number(b[measure] ?? 0)])),
});

export const hasKey = (row: Cells, key: RowKey): boolean =>
  Object.entries(key).every(([column, value]) => String(row[column]) === String(value));
