/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { LRUCache } from 'lru-cache';
import type { Recorded } from '../../events/envelope.ts';
import type { AlertReader } from '../../projections/alerts/reader.ts';
import { canonicalJson } from '../../values/canonical-json.ts';
import { isUuid } from '../../values/ids.ts';
import { pageFile } from '../files.ts';
import type { Query } from '../query.ts';
import { alertsAtMost, type OpenAlerts } from './alerts.tsx';
import { Asking, type Figures } from './board/asking.ts';
import { boardOf } from './board/board.ts';
import { type BoardView, boardPage } from './board.tsx';
import { CellPage } from './cell.tsx';
import { choicesFrom } from './filters.ts';
import { boardPath, cellPath, orderPath } from './links.ts';
import { OrderPage } from './order.tsx';
import { type Assets, html } from './page.tsx';
import { ProblemPage, type ProblemView } from './problem.tsx';
import { SignIn, type SignInView } from './sign-in.tsx';
import { cellViewOf, unitsOf } from './units.ts';
import { type View, viewOf } from './view.ts';

export interface AnalyticsPagesOptions {
  readonly analytics: Figures;
  readonly log: {
    readStream(stream: string, options: object): AsyncIterable<Recorded>;
  };
  readonly alerts: Pick<AlertReader, 'alerts'>;
  /** The current instant, RFC 3339 in UTC. */
  readonly clock: () => string;
}

interface Visit {
  readonly query: Query;
  readonly params: Readonly<Record<string, string>>;
  may(action: 'alert.read'): boolean;
}

const unitsAtMost = 500;
const eventsAtMost = 500;

/** The pages of analytics with what each of them needs, for whoever serves them. They hold no person's data. */
export function analyticsPages({ analytics, log, alerts, clock }: AnalyticsPagesOptions) {
  const style = pageFile(new URL('style.css', import.meta.url), boardPath);
  const icon = pageFile(new URL('icon.svg', import.meta.url), boardPath);
  const assets: Assets = { styles: [style.address], icon: icon.address };
  const choices = choicesFrom(analytics);
  const boards = new LRUCache<string, Promise<string>>({ max: 50, ttl: 60_000 });
  return {
    assets,
    files: [style, icon],
    signIn: (view: SignInView) => html(<SignIn {...view} assets={assets} />),
    problem: (view: ProblemView) => html(<ProblemPage {...view} assets={assets} />),
    pages: [
      {
        path: boardPath,
        action: 'analytics.read',
        answer: async ({ query, may }: Visit): Promise<string | undefined> => {
          const view = viewOf(query);
          const open = may('alert.read') && !view.asOf ? await openAlerts(alerts) : undefined;
          // Many look at the same board; what is overdue changes with the day.
          const key = canonicalJson([view, open ?? null, analytics.position, clock().slice(0, 10)]);
          const known = boards.get(key);
          if (known) return known;
          const page = drawnBoard(analytics, view, { choices: await choices(), assets, open });
          boards.set(key, page);
          page.catch(() => boards.delete(key));
          return page;
        },
      },
      {
        path: cellPath,
        action: 'analytics.read',
        answer: async ({ query }: Visit): Promise<string | undefined> => {
          const cell = cellViewOf(analytics, query);
          return html(<CellPage cell={cell} found={await unitsOf(analytics, cell, unitsAtMost)} assets={assets} />);
        },
      },
      {
        path: `${orderPath}/:orderId`,
        action: 'order.events',
        answer: async ({ params: { orderId = '' } }: Visit): Promise<string | undefined> => {
          const events = isUuid(orderId) ? await firstEvents(log, `order-${orderId}`) : [];
          if (events.length === 0) return undefined;
          const cut = events.length > eventsAtMost;
          return html(<OrderPage orderId={orderId} events={events.slice(0, eventsAtMost)} cut={cut} assets={assets} />);
        },
      },
    ],
  } as const;
}

async function drawnBoard(
  analytics: Figures,
  view: View,
  rest: Pick<BoardView, 'choices' | 'assets' | 'open'>,
): Promise<string> {
  const board = await boardOf(new Asking(analytics, view));
  return html(await boardPage({ view, board, kpis: analytics.kpis, ...rest }));
}

async function openAlerts(reader: Pick<AlertReader, 'alerts'>): Promise<OpenAlerts> {
  const { alerts, next } = await reader.alerts({ status: 'open', limit: alertsAtMost });
  return { alerts, more: next !== undefined };
}

async function firstEvents(log: AnalyticsPagesOptions['log'], stream: string): Promise<Recorded[]> {
  const events: Recorded[] = [];
  for await (const event of log.readStream(stream, {})) {
    events.push(event);
    if (events.length > eventsAtMost) break;
  }
  return events;
}
