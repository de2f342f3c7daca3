import type { Reading, WatchDefinition } from '../../events/catalog/alert.ts';
import type { DomainEvent } from '../../events/decode.ts';
import type { Position } from '../../events/envelope.ts';
import { defineProjection } from '../projection.ts';
import { alertsPublished } from './published.ts';

export interface AlertDoc extends Omit<WatchDefinition, 'lookBack'> {
  readonly alertId: string;
  readonly watchId: string;
  /** Of the watch that it was judged by. */
  readonly version: number;
  readonly status: 'open' | 'cleared';
  readonly raisedAt: string;
  readonly reading: Reading;
  readonly acknowledgedAt?: string;
  /** When those who are to be told were told that it was raised, and that it was cleared. */
  readonly toldAt?: { readonly raised?: string; readonly cleared?: string };
  readonly clearedAt?: string;
  readonly because?: 'recovered' | 'watch-changed' | 'watch-removed';
  /** The number that ended it. */
  readonly clearedBy?: Reading;
}

/** The alert, and the last event in it that whoever follows alerts is sent. */
interface FoldedAlert {
  readonly alert: AlertDoc;
  readonly position: Position;
}

/** Alerts of all watches, one row each. */
export const alertsProjection = defineProjection<FoldedAlert>({
  name: 'alerts',
  version: 2,
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
    AlertNoticeGiven: (folded, { data: { of }, metadata }) => {
      const { alert, position } = known(folded);
      return { alert: { ...alert, toldAt: { ...alert.toldAt, [of]: metadata.occurredAt } }, position };
    },
  },
  published: [alertsPublished],
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
        name: 'text',
        version: 'integer',
        side: 'text',
        value: 'numeric',
        num: 'numeric',
        den: 'numeric',
        judged_at: 'text',
        judged_on: 'date',
        acknowledged_at: 'timestamptz',
        cleared_at: 'timestamptz',
        because: 'text',
        told_at: 'timestamptz',
        position: 'text',
        doc: 'document',
      },
      key: ['alert_id'],
      undigested: ['position', 'judged_at'],
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
          name: alert.name,
          version: alert.version,
          side: alert.reading.side,
          value: alert.reading.value,
          num: alert.reading.num,
          den: alert.reading.den,
          judged_at: alert.reading.position,
          judged_on: alert.reading.on,
          acknowledged_at: alert.acknowledgedAt,
          cleared_at: alert.clearedAt,
          because: alert.because,
          told_at: alert.toldAt?.raised,
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
