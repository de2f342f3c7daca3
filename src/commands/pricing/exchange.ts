import type { ExchangeUsed } from '../../events/catalog/price.ts';
import { multiply, round } from '../../values/decimal.ts';
import type { PriceBook, PriceRequest } from './request.ts';

/** Digits of a unit price after the point. */
export const unitPriceScale = 8;

/** Rates that one order uses: each is looked up once and then stays, whatever happens to the rate tomorrow. */
export class Exchange {
  readonly #rates: PriceBook['exchangeRates'];
  readonly #request: PriceRequest;
  readonly #used = new Map<string, ExchangeUsed>();

  constructor({ exchangeRates }: PriceBook, request: PriceRequest) {
    this.#rates = exchangeRates;
    this.#request = request;
  }

  get used(): readonly ExchangeUsed[] {
    return [...this.#used.values()].sort((a, b) => (a.from < b.from ? -1 : 1));
  }

  /** The rate into the currency of the request; undefined when there is none. A rate is never turned round: that is another rate. */
  rateFrom(currency: string): ExchangeUsed | undefined {
    const known = this.#used.get(currency);
    if (known) return known;
    const { currency: to, on } = this.#request;
    const [, found] = [...this.#rates].find(([, rate]) => rate.from === currency && rate.to === to) ?? [];
    if (!found) return undefined;
    const used = { from: currency, to, rate: found.rate, source: found.source, on };
    this.#used.set(currency, used);
    return used;
  }

  /** A unit price in the currency of the request, with eight digits; undefined without a rate. */
  unitPrice(amount: string, currency: string): string | undefined {
    if (currency === this.#request.currency) return amount;
    const rate = this.rateFrom(currency);
    return rate && round(multiply(amount, rate.rate), unitPriceScale, 'half-up');
  }
}
