import type { Reading, WatchDefinition } from '../../events/catalog/alert.ts';
import type { DomainEvent } from '../../events/decode.ts';
import type { Position } from '../../events/envelope.ts';
import { defineProjection } from '../projection.ts';

export interface AlertDoc extends Omit<WatchDefinition, 'lookBack'> {
  readonly alertId: string;
  readonly watchId: string;
  /** Of the watch that it was judged by. */
  readonly version: number;
  readonly status: 'open' | 'cleared';
  readonly raisedAt: string;
  readonly reading: Reading;
  readonly acknowledgedAt?: string;
  readonly clearedAt?: string;
  readonly because?: 'recovered' | 'watch-changed' | 'watch-removed';
  /** The number that ended it. */
  readonly clearedBy?: Reading;
}

/** The alert, and the last event in it. */
interface FoldedAlert {
  readonly alert: AlertDoc;
  readonly position: Position;
}

/** Alerts of all watches, one row each. */
export const alertsProjection = defineProjection<FoldedAlert>({
  name: 'alerts',
  version: 1,
  kept: {
    table: 'kpi_alerts',
    key: 'alert_id',
    size: 'doc',
    columns: ['doc', 'position'],
    restore: ({ doc, position }) => ({
      alert: JSON.parse(String(doc)) as AlertDoc,
      position: String(position),
    }),
  },
  keyOf: alertIdOf,
  handles: {
    KpiAlertRaised: (_, { data, metadata, position }) => ({
      alert: { ...data, status: 'open', raisedAt: metadata.occurredAt },
      position,
    }),
    KpiAlertCleared: (folded, { data: { because, reading }, metadata, position }) => ({
      alert: {
        ...known(folded).alert,
        status: 'cleared',
        clearedAt: metadata.occurredAt,
        because,
        ...(reading && { clearedBy: reading }),
      },
      position,
    }),
    AlertAcknowledged: (folded, { metadata, position }) => ({
      alert: { ...known(folded).alert, acknowledgedAt: metadata.occurredAt },
      position,
    }),
  },
  tables: [
    {
      name: 'kpi_alerts',
      columns: {
        alert_id: 'text',
        watch_id: 'text',
        kpi: 'text',
        period: 'text',
        status: 'text',
        acknowledged: 'boolean',
        raised_at: 'timestamptz',
        position: 'text',
        doc: 'document',
      },
      key: ['alert_id'],
      undigested: ['position'],
      indexes: ['raised_at, alert_id', 'watch_id, raised_at', 'position'],
      rows: ({ alert, position }) => [
        {
          alert_id: alert.alertId,
          watch_id: alert.watchId,
          kpi: alert.question.kpi,
          period: alert.reading.period,
          status: alert.status,
          acknowledged: alert.acknowledgedAt !== undefined,
          raised_at: alert.raisedAt,
          position,
          doc: JSON.stringify(alert),
        },
      ],
    },
  ],
});

function alertIdOf({ type, data }: DomainEvent): string {
  if (!('alertId' in data)) throw new Error(`${type} is about no alert`);
  return data.alertId;
}

function known(folded: FoldedAlert | undefined): FoldedAlert {
  if (!folded) throw new Error('An alert is cleared or acknowledged that was not raised');
  return folded;
}
