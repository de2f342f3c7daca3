import { Field, makeData, RecordBatch, Schema, Struct, type Utf8, type Vector } from 'apache-arrow';
import type { Table } from '../../table.ts';
import { type Source, slicesOf } from '../extract.ts';
import { type ArrowType, arrowData, arrowType, dictionaryOf } from './columns.ts';

/** The schema of a table: every column with what it means, and the facts about the data. */
export function schemaOf(table: Table, metadata: ReadonlyMap<string, string>): Schema {
  const fields = table.columns.map(
    (column, at) =>
      new Field(column.name, arrowType(column, at), column.kind !== 'count', new Map([['about', column.about]])),
  );
  return new Schema(fields, new Map(metadata));
}

/**
 * The source in record batches, each a view of the table that is valid until the next one is asked for. All share the same
 * dictionaries, because a file cannot replace one. An empty one is one empty batch: else its schema would be lost.
 */
export async function* recordBatches(source: Source): AsyncGenerator<RecordBatch> {
  const schema = schemaOf(source.table, source.metadata);
  const dictionaries = new Map<readonly string[], Vector<Utf8>>();
  let empty = true;
  for await (const slice of slicesOf(source)) {
    empty = false;
    yield batchOf(schema, slice, dictionaries);
  }
  if (empty) yield batchOf(schema, withoutRows(source.table), dictionaries);
}

export function batchOf(
  schema: Schema,
  { columns, rows }: Table,
  dictionaries: Map<readonly string[], Vector<Utf8>>,
): RecordBatch {
  const children = columns.map((column, at) => {
    const type = schema.fields[at]?.type as ArrowType;
    if (column.kind !== 'word') return arrowData(type, column, rows);
    const dictionary = dictionaries.get(column.words) ?? dictionaryOf(column.words);
    dictionaries.set(column.words, dictionary);
    return arrowData(type, column, rows, dictionary);
  });
  const data = makeData({ type: new Struct(schema.fields), length: rows, nullCount: 0, children });
  return new RecordBatch(schema, data);
}

const withoutRows = ({ name, columns }: Table): Table => ({
  name,
  rows: 0,
  columns: columns.map((column) => (column.kind === 'word' ? { ...column, words: [] } : column)),
});
