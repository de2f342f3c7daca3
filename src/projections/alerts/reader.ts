import type { Queryable } from '../../database/database.ts';
import type { Position } from '../../events/envelope.ts';
import type { AlertDoc } from './alerts.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { WatchDoc } from './watches.ts';

export type { AlertDoc } from './alerts.ts';
export type { WatchDoc } from './watches.ts';

export interface AlertFilters {
  readonly watchId?: string;
  readonly kpi?: string;
  readonly status?: 'open' | 'cleared';
  readonly acknowledged?: boolean;
}

export interface AlertPage {
  readonly alerts: readonly AlertDoc[];
  readonly next?: string;
}

export interface AlertReader {
  /** Also removed ones, which say so. */
  watch(watchId: string): Promise<WatchDoc | undefined>;
  /** Those that were not removed, in order of id, after `after`. */
  watches(page: { readonly after?: string; readonly limit: number }): Promise<readonly WatchDoc[]>;
  alert(alertId: string): Promise<AlertDoc | undefined>;
  /** Newest first, page by page. Throws InvalidValue `malformed-cursor`. */
  alerts(query: AlertFilters & { readonly cursor?: string; readonly limit: number }): Promise<AlertPage>;
  /** Alerts whose last event lies after the position, in order of it. */
  changedSince(
    position: Position | 'start',
    limit: number,
  ): Promise<readonly { readonly alert: AlertDoc; readonly position: Position }[]>;
}

export function createAlertReader(database: Queryable): AlertReader {
  const read = async <Doc>(text: string, values: readonly unknown[]): Promise<Doc[]> => {
    const rows = await database.query<{ doc: string }>({ text, values });
    return rows.map(({ doc }) => JSON.parse(doc) as Doc);
  };
  return {
    watch: async (watchId) => (await read<WatchDoc>('select doc from watches where watch_id = $1', [watchId]))[0],
    watches: ({ after = '', limit }) =>
      read<WatchDoc>('select doc from watches where not removed and watch_id > $1 order by watch_id limit $2', [
        after,
        limit,
      ]),
    alert: async (alertId) => (await read<AlertDoc>('select doc from kpi_alerts where alert_id = $1', [alertId]))[0],
    async alerts({ cursor, limit, ...filters }) {
      const { text, values } = conditionsOf(filters, cursor);
      const found = await read<AlertDoc>(
        `select doc from kpi_alerts where ${text} order by raised_at desc, alert_id desc limit ${limit + 1}`,
        values,
      );
      const alerts = found.slice(0, limit);
      const last = alerts.at(-1);
      return { alerts, ...(found.length > limit && last && { next: writeCursor(last, definedOf(filters)) }) };
    },
    async changedSince(position, limit) {
      const rows = await database.query<{ doc: string; position: Position }>({
        text: 'select doc, position from kpi_alerts where position > $1 order by position limit $2',
        values: [position === 'start' ? '' : position, limit],
      });
      return rows.map(({ doc, position: at }) => ({ alert: JSON.parse(doc) as AlertDoc, position: at }));
    },
  };
}

function conditionsOf({ watchId, kpi, status, acknowledged }: AlertFilters, cursor: string | undefined) {
  const values: unknown[] = [];
  const wanted = ['true'];
  const equal = { watch_id: watchId, kpi, status, acknowledged };
  for (const [column, value] of Object.entries(equal))
    if (value !== undefined) wanted.push(`${column} = $${values.push(value)}`);
  if (cursor !== undefined) {
    const { raisedAt, alertId } = readCursor(cursor, definedOf({ watchId, kpi, status, acknowledged }));
    const place = [`$${values.push(raisedAt)}::timestamptz`, `$${values.push(alertId)}`];
    wanted.push(`(raised_at, alert_id) < (${place.join(', ')})`);
  }
  return { text: wanted.join(' and '), values };
}

/** Filters as they are written into a cursor: without those that were left out. */
const definedOf = (filters: object): object =>
  Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
