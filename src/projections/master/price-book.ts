import type { PriceBook } from '../../commands/pricing/request.ts';
import type { Queryable } from '../../database/database.ts';
import type { MasterReader } from './reader.ts';

export interface PriceBooks {
  /** What prices of these items are made of, as it holds on the local date. */
  bookOf(skus: readonly string[], date: string): Promise<PriceBook>;
}

type Common = Omit<PriceBook, 'items'>;

/** Days whose lists are kept. */
const keptDays = 4;

/** Price lists and the like are kept for as long as no master data changes; items are read each time. */
export function createPriceBooks(database: Queryable, master: MasterReader): PriceBooks {
  const kept = new Map<string, Promise<Common>>();
  let keptAt = '';

  const common = async (date: string): Promise<Common> => {
    const [lists, promotions, surcharges, taxRates, exchangeRates] = await Promise.all([
      master.allHolding('pricelist', date),
      master.allHolding('promotion', date),
      master.allHolding('surcharge', date),
      master.allHolding('taxrate', date),
      master.allHolding('exchangerate', date),
    ]);
    return { lists, promotions, surcharges, taxRates, exchangeRates };
  };

  const commonOf = async (date: string): Promise<Common> => {
    const [{ at } = { at: '' }] = await database.query<{ at: string }>({
      name: 'master-edition',
      text: `select generation || ' ' || position || ' ' || edition as at from projection_generations
             where projection = 'master' and state = 'active'`,
    });
    if (at !== keptAt) kept.clear();
    keptAt = at;
    const found = kept.get(date) ?? common(date);
    kept.set(date, found);
    found.catch(() => kept.delete(date));
    if (kept.size > keptDays) kept.delete([...kept.keys()][0] ?? '');
    return found;
  };

  return {
    bookOf: async (skus, date) => {
      const [rest, items] = await Promise.all([commonOf(date), master.holding('item', skus, date)]);
      return { ...rest, items };
    },
  };
}
