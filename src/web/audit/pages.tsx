/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { Audit } from '../../audit/audit.ts';
import { type Assets, html } from '../analytics/page.tsx';
import { one, type Query, refuseUnknown } from '../query.ts';
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
}

interface Visit {
  readonly query: Query;
  readonly params: Readonly<Record<string, string>>;
}

const ordersAtOnce = 50;

/** The pages of auditors, for whoever serves them. */
export function auditPages({ assets, orders }: AuditPagesOptions) {
  return {
    files: [],
    actions: [],
    pages: [
      {
        path: '/audit',
        action: 'order.history',
        answer: async ({ query }: Visit): Promise<string | undefined> => {
          const { cursor, ...search } = searchOf(query);
          const found = await orders.search({
            ...search,
            ...(cursor !== undefined && { cursor }),
            limit: ordersAtOnce,
          });
          const next =
            found.next === undefined ? {} : { next: `/audit?${parameters({ ...search, cursor: found.next })}` };
          return html(<OrderSearchPage search={search} orders={found.items} {...next} assets={assets} />);
        },
      },
    ],
  } as const;
}

const searchFields = ['orderNo', 'customerId', 'customerPo', 'cursor'] as const;

function searchOf(query: Query): OrderSearch & { readonly cursor?: string } {
  refuseUnknown(query, searchFields);
  const given = searchFields.map((name) => [name, one(query, name)?.trim()] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== ''));
}

const parameters = (given: Readonly<Record<string, string>>): string => String(new URLSearchParams(given));
