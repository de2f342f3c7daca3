import { defineProjection } from '../projection.ts';
import { kpiDaily } from './daily.ts';
import type { OrderFacts } from './facts.ts';
import { kpiHandlers } from './fold.ts';
import { kpiPublished } from './published.ts';
import { kpiTables } from './tables.ts';

/** Fact rows per schedule line, line and order, and totals per day. */
export const kpiProjection = defineProjection<OrderFacts>({
  name: 'kpi',
  version: 4,
  opens: ['OrderStarted'],
  handles: kpiHandlers,
  kept: {
    table: 'kpi_orders',
    key: 'order_id',
    size: 'facts',
    columns: ['facts'],
    restore: ({ facts }) => JSON.parse(String(facts)) as OrderFacts,
  },
  keyOf: ({ stream }) => stream.slice('order-'.length),
  streamOf: ({ order_id }) => `order-${order_id}`,
  tables: kpiTables,
  totals: [kpiDaily],
  published: kpiPublished,
});
