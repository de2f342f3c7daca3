import { type TObject, Type } from 'typebox';
import { closed, defineEvent } from '../definition.ts';
import { Code, LocalDate } from '../terms.ts';

/**
 * Master data: what holds of an item, a site, a price list ... from a date on. A version is recorded whole; one for the same
 * date replaces the earlier one, which stays in the log. `Specified` and `Withdrawn` are the two facts of every kind.
 */
export interface MasterEvents<Name extends string = string, Specification extends TObject = TObject> {
  readonly specified: ReturnType<typeof specifiedOf<Name, Specification>>;
  readonly withdrawn: ReturnType<typeof withdrawnOf<Name>>;
  readonly specification: Specification;
}

/** `thing` in words, e.g. 'an item'. */
export function defineMaster<Name extends string, Specification extends TObject>(
  name: Name,
  thing: string,
  specification: Specification,
): MasterEvents<Name, Specification> {
  return {
    specified: specifiedOf(name, thing, specification),
    withdrawn: withdrawnOf(name, thing),
    specification,
  };
}

const specifiedOf = <Name extends string, Specification extends TObject>(
  name: Name,
  thing: string,
  specification: Specification,
) =>
  defineEvent(
    `${name}Specified`,
    1,
    `What holds of ${thing} from a date on was laid down.`,
    closed({ id: Code, effectiveFrom: LocalDate, specification }),
  );

const withdrawnOf = <Name extends string>(name: Name, thing: string) =>
  defineEvent(
    `${name}Withdrawn`,
    1,
    `From a date on ${thing} is not used any more.`,
    closed({ id: Code, effectiveFrom: LocalDate }),
  );

/** A part of one, e.g. 0.05 for five percent. */
export const Fraction = Type.String({
  description: 'Decimal fraction, e.g. 0.05 for five percent',
  pattern: '^\\d{1,3}(\\.\\d{1,6})?$',
  maxLength: 10,
});

export const Days = (description: string) => Type.Integer({ description, minimum: 0, maximum: 3_660 });

export const LocalTime = Type.String({
  description: 'Time on the wall clock, HH:MM, up to 24:00',
  pattern: '^([01]\\d|2[0-3]):[0-5]\\d$|^24:00$',
  maxLength: 5,
});

export const Positive = Type.String({
  description: 'Decimal number above zero in a string',
  pattern: '^(?:[1-9]\\d{0,14}(?:\\.\\d{1,8})?|0\\.\\d{0,7}[1-9]\\d{0,7})$',
  maxLength: 25,
});

export const list = <T extends Parameters<typeof Type.Array>[0]>(item: T, maxItems = 1_000) =>
  Type.Array(item, { maxItems });
export const several = <T extends Parameters<typeof Type.Array>[0]>(item: T, maxItems = 1_000) =>
  Type.Array(item, { minItems: 1, maxItems });
