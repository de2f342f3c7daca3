import { type Static, type TSchema, Type } from 'typebox';
import { attributions, bases, grains, type Kpi, populations } from '../../../analytics/kpis/kpi.ts';
import { ChangeWatch } from '../../../commands/watch/commands.ts';
import { WatchQuestion } from '../../../events/catalog/alert.ts';
import { closed } from '../../../events/catalog/definition.ts';
import { Code, Text } from '../../../events/catalog/terms.ts';

/** The command's own schema; here the words of the question are listed, so that /openapi.json says what can be watched. */
export function watchBody(kpis: readonly Kpi[]) {
  const ids = kpis.filter(({ awaits }) => !awaits).map(({ id }) => id);
  const oneOf = (words: readonly string[]) => Type.Unsafe<string>(Type.Enum([...words]) as TSchema);
  const question = closed({
    ...WatchQuestion.properties,
    kpi: ids.length === 0 ? WatchQuestion.properties.kpi : oneOf(ids),
    grain: Type.Optional(oneOf(grains)),
    basis: Type.Optional(oneOf(bases)),
    population: Type.Optional(oneOf(populations)),
    by: Type.Optional(oneOf(attributions)),
  });
  return closed({ ...ChangeWatch.properties, question });
}

export type WatchBody = Static<ReturnType<typeof watchBody>>;

export const reasonProperty = { reason: Type.Optional(closed({ code: Code, text: Type.Optional(Text) })) };

export const WatchDocument = Type.Object({ watchId: Code }, { additionalProperties: true });
export const AlertDocument = Type.Object({ alertId: Code }, { additionalProperties: true });
