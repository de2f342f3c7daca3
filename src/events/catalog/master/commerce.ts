import { Type } from 'typebox';
import { closed } from '../definition.ts';
import { Code, Country, Currency, Decimal, LocalDate, Money, Text, Tolerances, Uom } from '../terms.ts';
import { Days, defineMaster, Fraction, list, Positive, several } from './definition.ts';

/** On what conditions goods are sold. */

const codes = (description: string) => Type.Optional(Type.Unsafe<string[]>({ ...list(Code, 500), description }));

/** Whom it is for: everybody, if nothing is named. */
const audience = {
  customers: codes('Only these customers'),
  groups: codes('Only customers of these groups'),
};

export const Account = defineMaster(
  'Account',
  'the conditions of a customer account',
  closed({
    group: Type.Optional(Code),
    currency: Type.Optional(Currency),
    paymentTerms: Type.Optional(Code),
    taxJurisdiction: Type.Optional(Type.Unsafe<string>({ ...Code, description: 'e.g. DE or US-TX' })),
    taxExempt: Type.Optional(Type.Boolean()),
    tolerances: Type.Optional(Tolerances),
    minimumOrder: Type.Optional(Money),
    shipComplete: Type.Optional(Type.Boolean({ description: 'Nothing leaves before everything can' })),
    consentDays: Type.Optional(Days('A promise may slip so many days without his consent')),
    requireCustomerPo: Type.Optional(Type.Boolean()),
    site: Type.Optional(Code),
    carrier: Type.Optional(Code),
    service: Type.Optional(Code),
    receivingCalendar: Type.Optional(Code),
  }),
);

export const PaymentTerms = defineMaster(
  'PaymentTerms',
  'payment terms',
  closed({
    description: Text,
    /** Parts of the amount; they add up to 1. */
    instalments: several(closed({ fraction: Fraction, days: Days('After the invoice') }), 24),
    discount: Type.Optional(closed({ fraction: Fraction, days: Days('If it is paid so soon') })),
    prepaid: Type.Optional(Type.Boolean()),
  }),
);

export const PriceList = defineMaster(
  'PriceList',
  'a price list',
  closed({
    currency: Currency,
    ...audience,
    priority: Type.Optional(
      Type.Integer({ description: 'Among several that fit, the highest goes first', minimum: 0, maximum: 999 }),
    ),
    prices: several(
      closed({
        sku: Code,
        uom: Type.Optional(Type.Unsafe<string>({ ...Uom, description: 'The price is for one of it; the stock unit' })),
        fromQuantity: Type.Optional(Type.Unsafe<string>({ ...Positive, description: 'In the unit of the price' })),
        amount: Type.Unsafe<string>({ ...Decimal, description: 'Of one unit, in the currency of the list' }),
      }),
      5_000,
    ),
  }),
);

export const Promotion = defineMaster(
  'Promotion',
  'a promotion',
  closed({
    description: Text,
    until: Type.Optional(Type.Unsafe<string>({ ...LocalDate, description: 'Last day' })),
    ...audience,
    skus: codes('Only these items'),
    priceGroups: codes('Only items of these price groups'),
    minimumQuantity: Type.Optional(Positive),
    discount: Type.Unsafe<string>({ ...Fraction, description: 'Taken off the price' }),
    exclusive: Type.Optional(
      Type.Boolean({ description: 'Not together with others: the best one for the customer is taken' }),
    ),
  }),
);

export const Surcharge = defineMaster(
  'Surcharge',
  'a surcharge',
  closed({
    description: Text,
    kind: Type.Union([Type.Literal('surcharge'), Type.Literal('freight')]),
    ...audience,
    countries: Type.Optional(list(Country, 250)),
    priceGroups: codes('Counts only lines of these price groups'),
    amount: Type.Optional(Money),
    fraction: Type.Optional(Fraction),
    perKilogram: Type.Optional(closed({ amount: Decimal, currency: Currency })),
    freeFrom: Type.Optional(Type.Unsafe<{ amount: string; currency: string }>({ ...Money, description: 'Net goods' })),
    taxCategory: Type.Optional(Code),
  }),
);

export const TaxRate = defineMaster(
  'TaxRate',
  'a tax rate',
  closed({
    jurisdiction: Code,
    category: Type.Optional(Type.Unsafe<string>({ ...Code, description: 'Of items; all, if left out' })),
    name: Text,
    rate: Fraction,
    per: Type.Union([Type.Literal('line'), Type.Literal('document')], {
      description: 'Rounded for each line, or once for the document',
    }),
    rounding: Type.Union([Type.Literal('half-up'), Type.Literal('half-even')]),
  }),
);

export const ExchangeRate = defineMaster(
  'ExchangeRate',
  'an exchange rate',
  closed({
    from: Currency,
    to: Currency,
    rate: Type.Unsafe<string>({ ...Positive, description: 'One `from` is so many `to`' }),
    source: Text,
  }),
);

export const ExportBan = defineMaster(
  'ExportBan',
  'an export restriction',
  closed({
    reason: Text,
    customers: codes('These customers'),
    countries: Type.Optional(list(Country, 250)),
    classifications: codes('Items of these classifications; all items, if left out'),
  }),
);
