import type { Analytics } from '../analytics/engine.ts';
import type { Notice } from '../processes/alerts/notice.ts';
import { AlertWatcher } from '../processes/alerts/watcher.ts';
import type { House } from './compose.ts';

/** Watches the KPIs of an installation. Who listens at /v1/analytics/alerts/live is told by the read model; this tells the log. */
export function alertWatcher({ log, handler, alerts, clock, logger }: House, analytics: Analytics): AlertWatcher {
  return new AlertWatcher({
    log,
    analytics,
    handler,
    clock,
    watches: async () => {
      const ids: string[] = [];
      for (let after = ''; ; after = ids.at(-1) ?? '') {
        const page = await alerts.watches({ after, limit: pageSize });
        ids.push(...page.map(({ watchId }) => watchId));
        if (page.length < pageSize) return ids;
      }
    },
    tell: ({ words, ...notice }: Notice) =>
      notice.kind === 'raised' ? logger.warn({ alert: notice }, words) : logger.info({ alert: notice }, words),
    report: ({ message, error }) => logger.warn({ err: error }, message),
  });
}

const pageSize = 200;
