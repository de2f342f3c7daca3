import { masterAggregate } from '../../commands/master/aggregate.ts';
import type { MasterState } from '../../commands/master/state.ts';
import { type MasterKind, master, masterEvents } from '../../events/catalog/master/index.ts';
import type { DomainEvent } from '../../events/decode.ts';
import { defineProjection, type Handlers } from '../projection.ts';

/** A thing of master data with all its versions. */
export type MasterDoc<Kind extends MasterKind = MasterKind> = NonNullable<MasterState<Kind>> & { readonly kind: Kind };

const aggregates = new Map(Object.keys(master).map((kind) => [kind, masterAggregate(kind as MasterKind)]));

function fold(doc: MasterDoc | undefined, event: DomainEvent): MasterDoc {
  const kind = event.stream.slice(0, event.stream.indexOf('-'));
  const aggregate = aggregates.get(kind);
  if (!aggregate) throw new Error(`${event.stream} is no stream of master data`);
  const state = aggregate.evolve(doc ?? null, event as never, event.metadata);
  if (!state) throw new Error(`${event.type} left nothing`);
  return { kind: kind as MasterKind, ...state };
}

/** Master data of every kind, one row for each thing. */
export const masterProjection = defineProjection<MasterDoc>({
  name: 'master',
  version: 1,
  streamOf: ({ stream }) => String(stream),
  handles: Object.fromEntries(masterEvents.map(({ type }) => [type, fold])) as Handlers<MasterDoc>,
  kept: {
    table: 'master_data',
    key: 'stream',
    size: 'doc',
    columns: ['doc'],
    restore: ({ doc }) => JSON.parse(String(doc)) as MasterDoc,
  },
  tables: [
    {
      name: 'master_data',
      columns: { stream: 'text', kind: 'text', id: 'text', doc: 'document' },
      key: ['stream'],
      indexes: ['kind, id'],
      rows: (after) => [
        { stream: `${after.kind}-${after.id}`, kind: after.kind, id: after.id, doc: JSON.stringify(after) },
      ],
    },
  ],
});
