import { readModels } from '../main/read-models.ts';
import type { Projection } from '../projections/projection.ts';
import { UsageError } from './exit.ts';

/** The projection of that name. Throws UsageError with the names there are. */
export function projectionNamed(name: string): Projection {
  const found = readModels.find((projection) => projection.name === name);
  if (!found)
    throw new UsageError(`There is no projection ${name}; there are ${readModels.map((one) => one.name).join(', ')}.`);
  return found;
}
