import { Type } from 'typebox';
import { closed } from '../definition.ts';
import { Code, Country, Currency, LocalDate, Text, UnitPrice, Zone } from '../terms.ts';
import { Days, defineMaster, LocalTime, list, Positive, several } from './definition.ts';

/** Where and when work is done, and who carries and supplies. Companies and places only: persons are contacts. */

const hours = list(closed({ from: LocalTime, to: LocalTime }), 12);

export const WorkCalendar = defineMaster(
  'WorkCalendar',
  'a working calendar',
  closed({
    zone: Zone,
    week: several(
      closed({ day: Type.Integer({ description: 'ISO weekday, 1 is Monday', minimum: 1, maximum: 7 }), hours }),
      7,
    ),
    exceptions: Type.Optional(
      list(
        closed({
          from: LocalDate,
          to: LocalDate,
          hours,
          priority: Type.Optional(Type.Integer({ minimum: -1_000, maximum: 1_000 })),
        }),
      ),
    ),
  }),
);

export const Site = defineMaster(
  'Site',
  'a site',
  closed({
    name: Text,
    zone: Zone,
    country: Type.Optional(Country),
    addressLines: Type.Optional(list(Text, 6)),
    calendar: Type.Optional(Type.Unsafe<string>({ ...Code, description: 'Working calendar of the site' })),
    bins: Type.Optional(
      list(
        closed({
          bin: Code,
          area: Type.Optional(Code),
          sequence: Type.Integer({ description: 'Place in the walking order', minimum: 0, maximum: 1_000_000 }),
        }),
        5_000,
      ),
    ),
  }),
);

export const Resource = defineMaster(
  'Resource',
  'a resource',
  closed({
    name: Text,
    site: Code,
    calendar: Type.Optional(Code),
    capacity: Type.Unsafe<string>({ ...Positive, description: 'How much runs at the same time' }),
  }),
);

export const Supplier = defineMaster(
  'Supplier',
  'a supplier',
  closed({
    name: Text,
    zone: Zone,
    country: Type.Optional(Country),
    currency: Type.Optional(Currency),
    calendar: Type.Optional(Code),
    supplies: Type.Optional(
      list(
        closed({
          sku: Code,
          leadTimeDays: Days('Working days of the supplier'),
          minimumQuantity: Type.Optional(Positive),
          multiple: Type.Optional(Positive),
          price: Type.Optional(UnitPrice),
          priority: Type.Optional(Type.Integer({ minimum: 1, maximum: 999 })),
        }),
      ),
    ),
  }),
);

export const Carrier = defineMaster(
  'Carrier',
  'a carrier',
  closed({
    name: Text,
    zone: Zone,
    services: several(
      closed({
        service: Code,
        cutOff: Type.Optional(LocalTime),
        calendar: Type.Optional(Type.Unsafe<string>({ ...Code, description: 'Days on which it is picked up' })),
        transitDays: Days('To any country that is not named'),
        countries: Type.Optional(list(closed({ country: Country, transitDays: Days('To this country') }), 250)),
        count: Type.Optional(
          Type.Union([Type.Literal('business-days'), Type.Literal('calendar-days')], {
            description: 'How days under way are counted; business days if left out',
          }),
        ),
      }),
      100,
    ),
  }),
);
