import { type Static, Type } from 'typebox';
import { closed } from '../../events/catalog/definition.ts';

/** The mapping file: which column means what. docs/import.md explains every option with an example. */

const optional = Type.Optional;
const Name = Type.String({ minLength: 1, maxLength: 200 });
const Alias = Type.String({ pattern: '^[a-z][a-z0-9_-]{0,39}$' });
const Nulls = Type.Array(Type.String({ maxLength: 200 }), { maxItems: 200 });
const Zone = Type.String({ minLength: 1, maxLength: 64 });
const Formats = Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { minItems: 1, maxItems: 20 });

const place = {
  /** The first of `columns` that is not null is taken. */
  column: optional(Name),
  columns: optional(Type.Array(Name, { minItems: 1, maxItems: 10 })),
  /** Which file the columns are in, when the name alone does not tell. */
  file: optional(Alias),
  /** A constant instead of a column. */
  value: optional(Type.String({ maxLength: 500 })),
  /** Taken when the cell is null. */
  default: optional(Type.String({ maxLength: 500 })),
  /** Words that mean null in this column, besides those of the whole mapping. */
  nulls: optional(Nulls),
};

export const CellOptions = closed({
  ...place,
  /** Cell -> what it means. Cells that are not listed stay as they are, except where a fixed set of words is needed. */
  words: optional(Type.Record(Type.String(), Type.String({ maxLength: 500 }))),
});
const Cell = Type.Union([Name, CellOptions]);
export type Cell = Static<typeof Cell>;
export type CellOptions = Static<typeof CellOptions>;

const dates = { ...place, formats: optional(Formats), zone: optional(Zone) };
export const DateOptions = closed(dates);
const DateCell = Type.Union([Name, DateOptions]);
export type DateCell = Static<typeof DateCell>;

/** A date when something happened and, beside it, the date when it was recorded. */
const Milestone = Type.Union([Name, closed({ ...dates, recorded: optional(DateCell) })]);
export type Milestone = Static<typeof Milestone>;

const Initiator = Type.Union([Type.Literal('customer'), Type.Literal('supplier')]);
const Columns = Type.Union([Name, Type.Array(Type.Union([Name, CellOptions]), { minItems: 1, maxItems: 8 })]);
const Dimensions = Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }), Cell, { maxProperties: 40 });

const FileFormat = closed({
  /** Which of the given files it is: a name with `*`, e.g. `orders-*.csv`. Not needed when the mapping has one file. */
  match: optional(Name),
  encoding: optional(Name),
  delimiter: optional(Type.String({ minLength: 1, maxLength: 4 })),
  quote: optional(Type.String({ minLength: 1, maxLength: 1 })),
  escape: optional(Type.String({ minLength: 1, maxLength: 1 })),
  comment: optional(Type.String({ minLength: 1, maxLength: 4 })),
});

const Join = closed({
  file: Alias,
  /** Column of the joined file -> where the same value stands in the rows so far. */
  on: Type.Record(Name, Cell, { minProperties: 1, maxProperties: 8 }),
  /** `one`: at most one row per key; `many`: every row found makes a row of its own. */
  rows: optional(Type.Union([Type.Literal('one'), Type.Literal('many')])),
  /** A row without its counterpart is rejected; otherwise the columns of the joined file are null. */
  required: optional(Type.Boolean()),
});

const Promised = closed({
  deliverOn: DateCell,
  shipOn: optional(DateCell),
  /** Who moved the date. The first promise of a line has no initiator. */
  initiator: optional(Cell),
  customerAgreed: optional(Cell),
  promisedAt: optional(Milestone),
});

const DeliveryError = closed({
  kind: Type.Union([Type.Literal('wrong-item'), Type.Literal('damage'), Type.Literal('documents')]),
  /** Null, 0, no, n, false and none mean that all was well; `words` may map other cells to `yes` and `no`. */
  when: Cell,
  quantity: optional(Cell),
  note: optional(Cell),
  at: optional(Milestone),
});

export const Mapping = closed({
  /** Identity of the import: facts read again under the same name are the same facts. */
  name: Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,63}$' }),
  files: optional(Type.Record(Alias, FileFormat, { minProperties: 1, maxProperties: 10 })),
  /** The file whose rows are the rows of the import: the only file, unless told otherwise. */
  rows: optional(Alias),
  joins: optional(Type.Array(Join, { maxItems: 9 })),
  nulls: optional(Nulls),
  dates: optional(
    closed({
      formats: optional(Formats),
      zone: optional(Zone),
      pivotYear: optional(Type.Integer({ minimum: 0, maximum: 100 })),
    }),
  ),
  numbers: optional(
    closed({
      decimal: optional(Type.Union([Type.Literal('.'), Type.Literal(',')])),
      thousands: optional(Type.String({ maxLength: 1 })),
    }),
  ),
  onBadRow: optional(Type.Union([Type.Literal('reject-row'), Type.Literal('reject-order')])),
  order: closed({
    key: Columns,
    number: optional(Cell),
    customerPo: optional(Cell),
    currency: Cell,
    zone: optional(Cell),
    country: optional(Cell),
    site: optional(Cell),
    channel: optional(Cell),
    incoterm: optional(Cell),
    paymentTerms: optional(Cell),
    dimensions: optional(Dimensions),
  }),
  customer: closed({
    id: Cell,
    name: optional(Cell),
    zone: optional(Cell),
    country: optional(Cell),
    group: optional(Cell),
  }),
  line: closed({
    /** Rows of an order with the same key are the same line; without a key every row is a line of its own. */
    key: optional(Columns),
    number: optional(Cell),
    sku: Cell,
    description: optional(Cell),
    quantity: Cell,
    /** Where a line has several rows: `line` says that each row repeats the quantity, `row` that they add up. */
    quantityPer: optional(Type.Union([Type.Literal('line'), Type.Literal('row')])),
    /** `row`: rows promise parts of the line, each for itself; `line`: they tell the promises of the line, one by one. */
    promisesPer: optional(Type.Union([Type.Literal('line'), Type.Literal('row')])),
    unit: optional(Cell),
    price: optional(Cell),
    requestedOn: optional(DateCell),
    dimensions: optional(Dimensions),
  }),
  milestones: optional(
    closed({
      quoted: optional(Milestone),
      ordered: optional(Milestone),
      accepted: optional(Milestone),
      shipped: optional(Milestone),
      delivered: optional(Milestone),
      cancelled: optional(Milestone),
      closed: optional(Milestone),
    }),
  ),
  status: optional(
    closed({
      cell: Cell,
      /** Cell -> milestone that it proves, also where no column tells the time. */
      means: Type.Record(
        Type.String(),
        Type.Union(
          (['open', 'accepted', 'shipped', 'delivered', 'cancelled', 'closed'] as const).map((word) =>
            Type.Literal(word),
          ),
        ),
      ),
    }),
  ),
  promises: optional(Type.Array(Promised, { maxItems: 20 })),
  shipment: optional(
    closed({
      key: optional(Columns),
      carrier: optional(Cell),
      tracking: optional(Cell),
      mode: optional(Cell),
      shippedQuantity: optional(Cell),
      deliveredQuantity: optional(Cell),
      /** What an empty delivered quantity of a delivered row means: all of it (default), or a bad row. */
      missingQuantity: optional(Type.Union([Type.Literal('as-ordered'), Type.Literal('reject')])),
    }),
  ),
  cancelledBy: optional(Type.Union([Initiator, CellOptions])),
  deliveryErrors: optional(Type.Array(DeliveryError, { maxItems: 20 })),
});
export type Mapping = Static<typeof Mapping>;
