/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { Audit } from '../../audit/audit.ts';
import { isUuid } from '../../values/ids.ts';
import { type Assets, html } from '../analytics/page.tsx';
import { pageFile } from '../files.ts';
import { momentOf, one, type Query, refuseUnknown } from '../query.ts';
import { type EventFilters, EventsPage, eventFilters } from './events.tsx';
import { ExplainPage, type NamedKpi } from './explain.tsx';
import { type ExplainView, explainedField, explainedKpi } from './explained.ts';
import { eventsPath, type OrderLinks, ordersPath } from './links.ts';
import { OrderHistoryPage } from './order.tsx';
import { orderViewOf } from './order-view.ts';
import { type FoundOrder, type OrderSearch, OrderSearchPage } from './orders.tsx';

export interface AuditPagesOptions {
  /** Of all pages of the site. */
  readonly assets: Assets;
  readonly audit: Audit;
  readonly orders: {
    search(
      query: OrderSearch & { readonly cursor?: string; readonly limit: number },
    ): Promise<{ readonly items: readonly FoundOrder[]; readonly next?: string }>;
  };
  /** Those that an order can be asked for. */
  readonly kpis: readonly NamedKpi[];
  /** Further pages about an order. */
  readonly orderLinks?: OrderLinks;
}

interface Visit {
  readonly query: Query;
  readonly params: Readonly<Record<string, string>>;
}

const ordersAtOnce = 50;
const eventsAtOnce = 100;

/** The pages of auditors, for whoever serves them. All are plain forms and links; the slider has a script to spare its button. */
export function auditPages({ assets: site, audit, orders, kpis, orderLinks = () => [] }: AuditPagesOptions) {
  const style = pageFile(new URL('audit.css', import.meta.url), ordersPath);
  const script = pageFile(new URL('slider.js', import.meta.url), ordersPath);
  const assets: Assets = { ...site, styles: [...site.styles, style.address] };
  return {
    /** For further pages of auditors. */
    assets,
    files: [style, script],
    pages: [
      {
        path: ordersPath,
        action: 'order.history',
        answer: async ({ query }: Visit): Promise<string | undefined> => {
          const { cursor, ...search } = given(query, ['orderNo', 'customerId', 'customerPo', 'cursor'] as const);
          const found = await orders.search({
            ...search,
            ...(cursor !== undefined && { cursor }),
            limit: ordersAtOnce,
          });
          const next = nextOf(ordersPath, search, 'cursor', found.next);
          return html(<OrderSearchPage search={search} orders={found.items} {...next} assets={assets} />);
        },
      },
      {
        path: `${ordersPath}/orders/:orderId`,
        action: 'order.history',
        scripted: true,
        answer: async ({ query, params: { orderId = '' } }: Visit): Promise<string | undefined> => {
          const view = isUuid(orderId) ? await orderViewOf(audit, orderId, query) : undefined;
          const scripted = { ...assets, script: script.address };
          return view && html(<OrderHistoryPage view={view} links={orderLinks(orderId)} assets={scripted} />);
        },
      },
      {
        path: `${ordersPath}/orders/:orderId/explain`,
        action: 'order.history',
        answer: async ({ query, params: { orderId = '' } }: Visit): Promise<string | undefined> => {
          const view = isUuid(orderId) ? await explained(audit, orderId, query) : undefined;
          return view && html(<ExplainPage view={view} kpis={kpis} assets={assets} />);
        },
      },
      {
        path: eventsPath,
        action: 'audit.read',
        answer: async ({ query }: Visit): Promise<string | undefined> => {
          const { after, ...filters } = given(query, [...eventFilters, 'after'] as const);
          const page = await audit.explore({
            ...logFilter(filters),
            ...(after !== undefined && { after }),
            limit: eventsAtOnce,
          });
          const next = nextOf(eventsPath, filters, 'after', page.next);
          return html(<EventsPage filters={filters} page={page} {...next} assets={assets} />);
        },
      },
    ],
  } as const;
}

/** Parameters that are not empty. Throws InvalidValue for unknown ones. */
function given<Name extends string>(query: Query, names: readonly Name[]): Partial<Record<Name, string>> {
  refuseUnknown(query, names);
  const values = names.map((name) => [name, one(query, name)?.trim()] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined && value !== '')) as Partial<
    Record<Name, string>
  >;
}

function nextOf(path: string, kept: object, name: string, value: string | undefined): { readonly next?: string } {
  return value === undefined ? {} : { next: `${path}?${new URLSearchParams({ ...kept, [name]: value })}` };
}

async function explained(audit: Audit, orderId: string, query: Query): Promise<ExplainView | undefined> {
  const { kpi, field = 'status' } = given(query, ['field', 'kpi'] as const);
  return kpi === undefined ? explainedField(audit, orderId, field) : explainedKpi(audit, orderId, kpi);
}

function logFilter({ type, from, to, ...rest }: EventFilters) {
  return {
    ...rest,
    ...(type !== undefined && { types: [type] }),
    ...(from !== undefined && instantAs('from', from)),
    ...(to !== undefined && instantAs('to', to)),
  };
}

/** What is no instant cuts nothing off. */
function instantAs(name: 'from' | 'to', text: string): { readonly from?: string; readonly to?: string } {
  const moment = momentOf(text, name);
  return 'instant' in moment ? { [name]: moment.instant } : {};
}
