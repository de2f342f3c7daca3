import { openQuarantineDesk, type QuarantineDesk } from '../projections/quarantine/desk.ts';
import type { House } from './compose.ts';
import { readModels } from './read-models.ts';

export const quarantineDeskOf = ({ database, log, handler }: Pick<House, 'database' | 'log' | 'handler'>): QuarantineDesk =>
  openQuarantineDesk({ database, log, handler, projections: readModels });
