import { Registry } from 'prom-client';
import type { Analytics } from '../analytics/engine.ts';
import { can, type Principal } from '../api/access.ts';
import { type ApiDependencies, defaultApiSettings } from '../api/dependencies.ts';
import { storedSessionSecret } from '../api/keys/session-secret.ts';
import type { Pages } from '../api/pages/page.ts';
import type { Audit } from '../audit/audit.ts';
import { shownAudit } from '../audit/shown.ts';
import { placeOrder } from '../commands/order/place.ts';
import { dailyKpis, kpiCatalogue, queryKpi } from '../projections/kpi/reader.ts';
import { analyticsPages } from '../web/analytics/pages.tsx';
import { auditPages } from '../web/audit/pages.tsx';
import { replayPages } from '../web/audit/replay/pages.tsx';
import type { AnalyticsRoom } from './analytics.ts';
import { auditOf } from './audit.ts';
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
    notary,
    keys,
    clock,
    logger,
  } = house;
  const audit = auditOf(house, past);
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
    pages: pagesOf(house, analytics, maskedAudit(audit, seals)),
    audit,
    past,
    journal,
    certificates: house.certificates,
    rebuilds: house.rebuilds,
    quarantine: house.quarantine,
    runner,
    notary,
    log,
    database,
    keys,
    sessionSecret: storedSessionSecret(database, clock),
    clock,
    prepared,
    logger,
    metrics: new Registry(),
    settings: {
      ...defaultApiSettings,
      requestsPerMinute: config.rateLimit,
      maxLagSeconds: config.maxLag,
      trustedProxies: config.trustProxy,
      exportDirectory: config.exportDirectory,
      analystExportRows: config.exportRows,
    },
  };
}

/** Pages never show what is known of persons. */
const maskedAudit = (audit: Audit, seals: House['seals']): Audit =>
  shownAudit(audit, async (answer) => (await seals.open(answer, 'masked')).document);

/** All pages of the site: one sign-in, one frame. */
function pagesOf(house: House, analytics: Analytics, audit: Audit): Pages {
  const { log, clock, orders, alerts, certificates, rebuilds, quarantine } = house;
  const numbers = analyticsPages({ analytics, log, alerts, clock });
  const auditing = auditPages({
    assets: numbers.assets,
    audit,
    orders,
    kpis: analytics.kpis.filter(({ awaits }) => !awaits),
  });
  const replay = replayPages<Principal>({
    ...{ assets: auditing.assets, certificates, rebuilds, quarantine },
    mayRebuild: (principal) => can(principal, 'projection.rebuild') === 'allowed',
    mayResolve: (principal) => can(principal, 'quarantine.resolve') === 'allowed',
  });
  return {
    ...numbers,
    pages: [...numbers.pages, ...auditing.pages, ...replay.pages],
    actions: replay.actions,
    files: [...numbers.files, ...auditing.files],
  };
}
