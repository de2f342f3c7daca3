import type { WatchDefinition } from '../../events/catalog/alert.ts';
import { defineProjection } from '../projection.ts';
import { watchesPublished } from './published.ts';

export interface WatchDoc extends WatchDefinition {
  readonly watchId: string;
  /** Counts the changes after which other numbers or other limits are judged. */
  readonly version: number;
  readonly definedAt: string;
  readonly changedAt?: string;
  readonly removedAt?: string;
}

/** What is watched, one row for each watch. */
export const watchesProjection = defineProjection<WatchDoc>({
  name: 'watches',
  version: 2,
  kept: {
    table: 'watches',
    key: 'watch_id',
    size: 'doc',
    columns: ['doc'],
    restore: ({ doc }) => JSON.parse(String(doc)) as WatchDoc,
  },
  keyOf: ({ stream }) => stream.slice('watch-'.length),
  streamOf: ({ watch_id }) => `watch-${watch_id}`,
  handles: {
    WatchDefined: (_, { data: { watchId, version, definition }, metadata }) => ({
      watchId,
      version,
      ...definition,
      definedAt: metadata.occurredAt,
    }),
    WatchChanged: (doc, { data: { watchId, version, definition }, metadata }) => ({
      watchId,
      version,
      ...definition,
      definedAt: known(doc).definedAt,
      changedAt: metadata.occurredAt,
    }),
    WatchRemoved: (doc, { metadata }) => ({ ...known(doc), removedAt: metadata.occurredAt }),
  },
  published: [watchesPublished],
  tables: [
    {
      name: 'watches',
      columns: {
        watch_id: 'text',
        name: 'text',
        kpi: 'text',
        period: 'text',
        condition: 'text',
        side: 'text',
        level: 'numeric',
        clear_at: 'numeric',
        version: 'integer',
        removed: 'boolean',
        doc: 'document',
      },
      key: ['watch_id'],
      rows: (after) => [
        {
          watch_id: after.watchId,
          name: after.name,
          kpi: after.question.kpi,
          period: after.question.period,
          ...limitsOf(after.condition),
          version: after.version,
          removed: after.removedAt !== undefined,
          doc: JSON.stringify(after),
        },
      ],
    },
  ],
});

function limitsOf(condition: WatchDefinition['condition']) {
  const { kind, side } = condition;
  if (kind === 'cusum') return { condition: kind, side };
  const { level, clearAt = level } = condition;
  return { condition: kind, side, level, clear_at: clearAt };
}

function known(doc: WatchDoc | undefined): WatchDoc {
  if (!doc) throw new Error('A watch is changed or removed that was not defined');
  return doc;
}
