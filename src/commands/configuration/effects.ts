import type { ConfigurationModel, Option, Selections } from '../../events/catalog/master/model.ts';
import { isPositive, multiply } from '../../values/decimal.ts';
import { sumOf } from './conditions.ts';

/** What follows from valid selections: for the price of one, for the bill of material, and for the work. */
export interface Effects {
  /** In the currency of the model. */
  readonly prices: readonly { readonly ref: string; readonly about: string; readonly amount: string }[];
  readonly components: readonly { readonly sku: string; readonly quantityPer: { value: string; uom: string } }[];
  readonly operations: readonly {
    readonly operation: number;
    readonly resource: string;
    readonly minutesPerUnit: string;
  }[];
}

type Value = NonNullable<Option['values']>[number];

/** In the order of the model. A component whose quantity comes out as zero or less is none. */
export function effectsOf({ options }: ConfigurationModel, selections: Selections): Effects {
  const chosen = options.flatMap((option) => {
    const value = selections[option.option];
    return value === undefined ? [] : [{ option, value, listed: option.values?.find((one) => one.value === value) }];
  });
  return {
    prices: chosen.flatMap(({ option, value, listed }) => priceOf(option, value, listed)),
    components: chosen.flatMap(({ listed }) => componentsOf(listed, selections)),
    operations: chosen.flatMap(({ listed }) => listed?.operations ?? []).sort((a, b) => a.operation - b.operation),
  };
}

function priceOf({ option, description, number }: Option, value: string, listed: Value | undefined): Effects['prices'] {
  const about = `${description}: ${listed?.description ?? value}`;
  const amount = listed ? listed.price : number?.pricePer && multiply(number.pricePer, value);
  return amount === undefined ? [] : [{ ref: option, about, amount }];
}

function componentsOf(listed: Value | undefined, selections: Selections): Effects['components'] {
  return (listed?.components ?? []).flatMap(({ sku, quantityPer: { value, uom }, times }) => {
    const factor = times ? sumOf(selections, times) : '1';
    const quantity = factor === undefined ? '0' : multiply(value, factor);
    return isPositive(quantity) ? [{ sku, quantityPer: { value: quantity, uom } }] : [];
  });
}
