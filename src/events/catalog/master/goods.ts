import { Type } from 'typebox';
import { closed } from '../definition.ts';
import { Code, LineNo, Quantity, Text, Uom } from '../terms.ts';
import { Days, defineMaster, Fraction, list, Positive, several } from './definition.ts';

/** What is sold, and what it is made of. */

export const Item = defineMaster(
  'Item',
  'an item',
  closed({
    description: Text,
    uom: Type.Unsafe<string>({ ...Uom, description: 'Unit in which stock is kept' }),
    step: Type.Optional(
      Type.Unsafe<string>({ ...Positive, description: 'Smallest quantity, in `uom`; that of the unit if left out' }),
    ),
    conversions: Type.Optional(
      list(
        closed({
          uom: Uom,
          /** One `uom` is numerator / denominator stock units, exactly. */
          numerator: Type.String({ pattern: '^[1-9]\\d{0,17}$', maxLength: 18 }),
          denominator: Type.String({ pattern: '^[1-9]\\d{0,17}$', maxLength: 18 }),
        }),
        50,
      ),
    ),
    sourcing: Type.Union(
      [Type.Literal('stock'), Type.Literal('make'), Type.Literal('buy'), Type.Literal('drop-ship')],
      { description: 'Where it comes from when it is ordered' },
    ),
    orderable: Type.Optional(Type.Boolean({ description: 'Customers may order it; true if left out' })),
    site: Type.Optional(Type.Unsafe<string>({ ...Code, description: 'Site that it is shipped from' })),
    leadTimeDays: Type.Optional(Days('Working days of the site until it can leave, when it is not in stock')),
    minimumQuantity: Type.Optional(Positive),
    multiple: Type.Optional(
      Type.Unsafe<string>({ ...Positive, description: 'Ordered in whole multiples of it, in `uom`' }),
    ),
    tracking: Type.Optional(Type.Union([Type.Literal('none'), Type.Literal('lot'), Type.Literal('serial')])),
    shelfLifeDays: Type.Optional(Days('Days that a lot may be sold')),
    weight: Type.Optional(Type.Unsafe<{ value: string; uom: string }>({ ...Quantity, description: 'Of one `uom`' })),
    size: Type.Optional(closed({ length: Positive, width: Positive, height: Positive, uom: Uom })),
    priceGroup: Type.Optional(Code),
    taxCategory: Type.Optional(Code),
    exportControl: Type.Optional(Type.Unsafe<string>({ ...Code, description: 'Classification, e.g. 3A001' })),
    model: Type.Optional(Type.Unsafe<string>({ ...Code, description: 'Configuration model that it is built by' })),
    replacedBy: Type.Optional(Code),
  }),
);

export const BillOfMaterial = defineMaster(
  'BillOfMaterial',
  'a bill of material',
  closed({
    sku: Type.Unsafe<string>({ ...Code, description: 'What is made by it' }),
    priority: Type.Optional(
      Type.Integer({ description: 'Among several for one item, the lowest goes first', minimum: 1, maximum: 999 }),
    ),
    components: several(
      closed({
        sku: Code,
        quantityPer: Type.Unsafe<{ value: string; uom: string }>({
          ...Quantity,
          description: 'For one stock unit made',
        }),
        scrap: Type.Optional(Fraction),
        /** Components that stand in for this one, in this order. */
        alternates: Type.Optional(list(Code, 20)),
      }),
    ),
  }),
);

export const Routing = defineMaster(
  'Routing',
  'a routing',
  closed({
    sku: Type.Unsafe<string>({ ...Code, description: 'What is made by it' }),
    operations: several(
      closed({
        operation: LineNo,
        description: Type.Optional(Text),
        resource: Code,
        setupMinutes: Type.Optional(Positive),
        minutesPerUnit: Positive,
      }),
      200,
    ),
  }),
);
