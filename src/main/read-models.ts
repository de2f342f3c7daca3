import { taskLists } from '../processes/all.ts';
import { projections } from '../projections/all.ts';
import type { Projection } from '../projections/projection.ts';

/** Everything that is kept up with the log in the database: what is shown to people, and what processes have to do. */
export const readModels: readonly Projection[] = [...projections, ...taskLists];
