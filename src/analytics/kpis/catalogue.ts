import { fillKpis } from './fill.ts';
import type { Kpi } from './kpi.ts';
import { moneyKpis } from './money.ts';
import { promiseKpis } from './promises.ts';
import { qualityKpis } from './quality.ts';
import { reliabilityKpis } from './reliability.ts';
import { responsivenessKpis } from './responsiveness.ts';

/** Every KPI: documentation, check of questions, and computation are made of it. */
export const kpiCatalogue: readonly Kpi[] = [
  ...reliabilityKpis,
  ...promiseKpis,
  ...responsivenessKpis,
  ...fillKpis,
  ...qualityKpis,
  ...moneyKpis,
];

export const kpiById: ReadonlyMap<string, Kpi> = new Map(kpiCatalogue.map((kpi) => [kpi.id, kpi]));
