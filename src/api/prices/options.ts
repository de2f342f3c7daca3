import type { Static } from 'typebox';
import { violationsOf } from '../../commands/configuration/check.ts';
import { effectsOf } from '../../commands/configuration/effects.ts';
import type { LineToPrice as Line, PriceBook } from '../../commands/pricing/request.ts';
import type { LineToPrice } from '../../events/catalog/price.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { Problem } from '../problems.ts';

const mostTold = 20;

/** The lines with what their selected options add to the price. Throws configuration-invalid. */
export async function withOptions(
  lines: readonly Static<typeof LineToPrice>[],
  { items }: PriceBook,
  { currency, on }: { readonly currency: string; readonly on: string },
  { master }: Pick<ApiDependencies, 'master'>,
): Promise<readonly Line[]> {
  const names = lines.flatMap(({ sku, selections }) => (selections ? (items.get(sku)?.model ?? []) : []));
  const models = await master.holding('model', names, on);
  const errors: { pointer: string; detail: string }[] = [];
  const priced = lines.map(({ selections, ...line }, index) => {
    if (!selections) return line;
    const fault = (detail: string): void => void errors.push({ pointer: `/lines/${index}/selections`, detail });
    const model = models.get(items.get(line.sku)?.model ?? '');
    if (!model) fault(`Item ${line.sku} is not built by a configuration model`);
    else if (model.currency !== currency) fault(`Its options are priced in ${model.currency}`);
    else for (const { rule, message } of violationsOf(model, selections)) fault(`${message} (${rule})`);
    return model && errors.length === 0 ? { ...line, options: effectsOf(model, selections).prices } : line;
  });
  if (errors.length > 0) throw new Problem('configuration-invalid', { errors: errors.slice(0, mostTold) });
  return priced;
}
