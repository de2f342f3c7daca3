import { Type } from 'typebox';
import { holdsOn } from '../../commands/master/state.ts';
import { price } from '../../commands/pricing/price.ts';
import type { PriceProblem } from '../../commands/pricing/request.ts';
import { closed } from '../../events/catalog/definition.ts';
import { LineToPrice, Priced } from '../../events/catalog/price.ts';
import { Code, Country, Currency, LocalDate } from '../../events/catalog/terms.ts';
import { currencyExponent } from '../../values/currencies.ts';
import { localDateOf, parseLocalDate } from '../../values/dates.ts';
import { at } from '../../values/refusal.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { authorize, notFound } from '../http/gate.ts';
import { minPosition, readHeaders, tellPosition } from '../http/positions.ts';
import { Problem } from '../problems.ts';
import { withOptions } from './options.ts';

const PriceQuestion = closed({
  customerId: Code,
  currency: Type.Optional(
    Type.Unsafe<string>({ ...Currency, description: 'That of the account of the customer, if left out' }),
  ),
  on: Type.Optional(Type.Unsafe<string>({ ...LocalDate, description: 'Day of the prices; today, if left out' })),
  country: Type.Optional(
    Type.Unsafe<string>({ ...Country, description: 'Of the ship-to; that of the customer, if left out' }),
  ),
  lines: Type.Array(LineToPrice, { minItems: 1, maxItems: 1_000 }),
});

/** POST /v1/prices: what an order would cost, with a trace of every price. Nothing is recorded. */
export function priceRoute(app: Api, deps: ApiDependencies): void {
  app.post(
    '/v1/prices',
    {
      bodyLimit: deps.settings.largeBodyLimit,
      config: { action: 'price.ask' },
      schema: {
        tags: ['prices'],
        summary: 'What an order would cost, with a trace of every price',
        headers: readHeaders,
        body: PriceQuestion,
        response: answers(Priced),
      },
    },
    async (request, reply) => {
      const { customerId, lines, ...asked } = request.body;
      authorize(request, 'price.ask', { kind: 'customer', customerId });
      if (lines.some(({ manualPrice }) => manualPrice)) authorize(request, 'price.by-hand');
      await minPosition(deps, request, 'master');
      tellPosition(deps, reply, 'master');
      const customer = await deps.customers.customer(customerId);
      if (!customer) throw notFound('customer')();
      const on = asked.on === undefined ? localDateOf(deps.clock(), customer.zone) : parseLocalDate(asked.on);
      const account = holdsOn(await deps.master.thing('account', customerId), on);
      const currency = asked.currency ?? account?.currency;
      if (currency === undefined)
        throw new Problem('invalid-request', { detail: 'The account names no currency; give one.' });
      at('/currency', () => currencyExponent(currency));
      const country = asked.country ?? customer.country;
      const book = await deps.prices.bookOf(
        lines.map(({ sku }) => sku),
        on,
      );
      const group = account?.group ?? customer.group;
      const result = price(
        {
          customerId,
          currency,
          on,
          lines: await withOptions(lines, book, { currency, on }, deps),
          ...(group !== undefined && { group }),
          ...(country !== undefined && { country }),
          ...(account?.taxJurisdiction !== undefined && { taxJurisdiction: account.taxJurisdiction }),
          ...(account?.taxExempt !== undefined && { taxExempt: account.taxExempt }),
        },
        book,
      );
      if (!result.ok) throw withoutPrice(result.problems, lines);
      return result.priced;
    },
  );
}

const mostTold = 20;

function withoutPrice(problems: readonly PriceProblem[], lines: readonly { readonly lineNo: number }[]): Problem {
  const errors = problems.slice(0, mostTold).map(({ lineNo, code, message }) => {
    const index = lines.findIndex((line) => line.lineNo === lineNo);
    return { pointer: index < 0 ? '/lines' : `/lines/${index}`, detail: `${message} (${code})` };
  });
  return new Problem('no-price', { detail: `${problems.length} prices could not be worked out; see errors.`, errors });
}
