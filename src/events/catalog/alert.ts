import { type Static, Type } from 'typebox';
import { closed, defineEvent, type FactOf } from './definition.ts';
import { Code, LocalDate, Text, Zone } from './terms.ts';

/**
 * Stream family `watch-{watchId}`: a KPI question that is asked again whenever something happened, and the alerts that came of
 * it. No personal data: whoever is to be told is named as a team or a role.
 */

const most = 1e15;
const Measured = Type.Number({ minimum: -most, maximum: most });
const Word = Type.String({ pattern: '^[a-z][a-z_-]{0,39}$', maxLength: 40 });
const Ordinal = Type.Integer({ minimum: 1, maximum: 1_000_000 });

export const WatchPeriod = Type.Union(
  [Type.Literal('day'), Type.Literal('week'), Type.Literal('month'), Type.Literal('quarter'), Type.Literal('year')],
  { description: 'Period by which the KPI is asked; left out: one number over everything' },
);

export const WatchQuestion = closed({
  kpi: Type.String({ description: 'Id in the catalogue of KPIs', pattern: '^[a-z][a-z0-9_.]{0,59}$', maxLength: 60 }),
  grain: Type.Optional(Word),
  basis: Type.Optional(Word),
  population: Type.Optional(Word),
  by: Type.Optional(Word),
  filter: Type.Optional(
    Type.Record(
      Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }),
      Type.Array(Type.String({ pattern: '^[^\\p{Cc}\\p{Cs}]*$', maxLength: 200 }), { minItems: 1, maxItems: 50 }),
      { maxProperties: 20, additionalProperties: false },
    ),
  ),
  zone: Type.Optional(Zone),
  period: Type.Optional(WatchPeriod),
  percentile: Type.Optional(
    Type.Number({ description: 'Watch this percentile of the durations, not their mean', minimum: 0, maximum: 100 }),
  ),
});

const minimumN = Type.Optional(
  Type.Integer({
    description: 'Periods with a smaller denominator are not judged; 1 if left out',
    minimum: 1,
    maximum: 1_000_000_000,
  }),
);

export const Threshold = closed({
  kind: Type.Literal('threshold'),
  side: Type.Union([Type.Literal('below'), Type.Literal('above')]),
  level: Measured,
  clearAt: Type.Optional(
    Type.Number({
      description: 'Where the alert ends (hysteresis), on the good side of the level; the level if left out',
      minimum: -most,
      maximum: most,
    }),
  ),
  minimumN,
});

export const Cusum = closed({
  kind: Type.Literal('cusum'),
  side: Type.Union([Type.Literal('below'), Type.Literal('above'), Type.Literal('both')]),
  baseline: closed({ from: LocalDate, to: LocalDate }),
  k: Type.Optional(Type.Number({ description: 'Allowance, in sigma; 0.5 if left out', minimum: 0, maximum: 5 })),
  h: Type.Optional(
    Type.Number({ description: 'Decision interval, in sigma; 5 if left out', minimum: 0.5, maximum: 50 }),
  ),
  minimumN,
});

export const WatchCondition = Type.Union([Threshold, Cusum]);

export const watchDefinition = {
  name: Text,
  question: WatchQuestion,
  condition: WatchCondition,
  lookBack: Type.Optional(
    Type.Integer({
      description: 'How many periods are judged, back from the newest; 3 if left out',
      minimum: 1,
      maximum: 60,
    }),
  ),
  tell: Type.Array(Code, { description: 'Teams or roles that are told; no names of persons', maxItems: 20 }),
};
const definition = closed(watchDefinition);

/** The number and what it was made of, so that the same question as of `position`, judged `on` that day, gives it again. */
export const Reading = closed({
  period: Type.Optional(Type.String({ description: 'e.g. 2026-W09', pattern: '^[0-9QW-]{4,10}$', maxLength: 10 })),
  value: Measured,
  num: Measured,
  den: Measured,
  side: Type.Optional(Type.Union([Type.Literal('below'), Type.Literal('above')])),
  cusum: Type.Optional(
    closed({
      statistic: Measured,
      centre: Measured,
      sigma: Type.Number({ description: 'Of this period', minimum: 0, maximum: most }),
      baselinePeriods: Ordinal,
    }),
  ),
  position: Type.String({ description: 'Position of the log up to which was counted', minLength: 1, maxLength: 64 }),
  on: LocalDate,
});

const WatchId = Code;
const AlertId = Code;

export const WatchDefined = defineEvent(
  'WatchDefined',
  1,
  'A KPI is watched from now on.',
  closed({ watchId: WatchId, version: Ordinal, definition }),
);

export const WatchChanged = defineEvent(
  'WatchChanged',
  1,
  'The watch was defined anew. A new version when other numbers or other limits are judged.',
  closed({ watchId: WatchId, version: Ordinal, definition }),
);

export const WatchRemoved = defineEvent(
  'WatchRemoved',
  1,
  'The KPI is not watched any more.',
  closed({ watchId: WatchId }),
);

export const KpiAlertRaised = defineEvent(
  'KpiAlertRaised',
  1,
  'The watched KPI met the condition of its watch.',
  closed({
    watchId: WatchId,
    alertId: AlertId,
    version: Ordinal,
    name: Text,
    question: WatchQuestion,
    condition: WatchCondition,
    tell: watchDefinition.tell,
    reading: Reading,
  }),
);

export const KpiAlertCleared = defineEvent(
  'KpiAlertCleared',
  1,
  'The condition does not hold any more: the number recovered, or the watch was changed or removed.',
  closed({
    watchId: WatchId,
    alertId: AlertId,
    because: Type.Union([Type.Literal('recovered'), Type.Literal('watch-changed'), Type.Literal('watch-removed')]),
    reading: Type.Optional(Reading),
  }),
);

export const AlertAcknowledged = defineEvent(
  'AlertAcknowledged',
  1,
  'Somebody has seen the alert and takes care of it.',
  closed({ watchId: WatchId, alertId: AlertId }),
);

export const AlertNoticeGiven = defineEvent(
  'AlertNoticeGiven',
  1,
  'Those who are to be told were told that the alert was raised, or that the number recovered.',
  closed({ watchId: WatchId, alertId: AlertId, of: Type.Union([Type.Literal('raised'), Type.Literal('cleared')]) }),
);

export const alertEvents = [
  WatchDefined,
  WatchChanged,
  WatchRemoved,
  KpiAlertRaised,
  KpiAlertCleared,
  AlertAcknowledged,
  AlertNoticeGiven,
] as const;

export type AlertFact = FactOf<(typeof alertEvents)[number]>;
export type WatchDefinition = Static<typeof definition>;
export type Reading = Static<typeof Reading>;
export type Threshold = Static<typeof Threshold>;
export type Cusum = Static<typeof Cusum>;
