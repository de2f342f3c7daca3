import { join } from 'node:path';
import { Registry } from 'prom-client';
import { type ApiDependencies, defaultApiSettings } from '../api/dependencies.ts';
import { placeOrder } from '../commands/order/place.ts';
import { dailyKpis, kpiCatalogue, queryKpi } from '../projections/kpi/reader.ts';
import { analyticsPages } from '../web/analytics/pages.tsx';
import type { AnalyticsRoom } from './analytics.ts';
import type { House } from './compose.ts';

/** What the HTTP edge is given of the house. */
export function apiDependencies(
  house: House,
  { analytics, past, journal }: Pick<AnalyticsRoom, 'analytics' | 'past' | 'journal'>,
  prepared: () => boolean = () => true,
): ApiDependencies {
  const {
    config,
    database,
    log,
    handler,
    numbers,
    orders,
    customers,
    master,
    prices,
    alerts,
    runner,
    keys,
    clock,
    logger,
  } = house;
  const { contacts, accesses, viewing, erasing, subjects, seals } = house;
  return {
    handler,
    placeOrder: (body, meta) => placeOrder({ handler, numbers }, body, meta),
    orders,
    customers,
    master,
    prices,
    alerts,
    ...{ contacts, accesses, viewing, erasing, subjects, seals },
    kpis: {
      catalogue: () => kpiCatalogue,
      query: (query) => queryKpi(database, query),
      daily: (range) => dailyKpis(database, range),
    },
    analytics,
    pages: analyticsPages({ analytics, log, clock }),
    past,
    journal,
    runner,
    log,
    database,
    keys,
    clock,
    prepared,
    logger,
    metrics: new Registry(),
    settings: {
      ...defaultApiSettings,
      requestsPerMinute: config.rateLimit,
      maxLagSeconds: config.maxLag,
      trustedProxies: config.trustProxy,
      exportDirectory: join(config.data, 'exports'),
      analystExportRows: config.exportRows,
    },
  };
}
