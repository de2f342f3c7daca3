import type { Queryable } from '../database/database.ts';
import { catalog } from '../events/catalog/index.ts';
import type { DomainEvent } from '../events/decode.ts';
import { defineProjection, type Handlers } from './projection.ts';

/** What a command says about where it belongs, and the stream that it changed. */
interface Tie {
  readonly stream: string;
  /** The command itself, its correlation, and the command or event that it came of. */
  readonly ids: readonly string[];
}

const tie = (_: Tie | undefined, { stream, metadata }: DomainEvent): Tie => ({
  stream,
  ids: [...new Set([metadata.correlationId, metadata.causationId, metadata.commandId])],
});

/** Every type of event, of families that are yet to come too. */
const handles = Object.fromEntries([...catalog.keys()].map((type) => [type, tie])) as Handlers<Tie>;

/**
 * Which streams belong to one correlation, or came of one command or event: an index that every log can have, since it is made
 * of the events alone.
 */
export const tiesProjection = defineProjection<Tie>({
  name: 'ties',
  version: 1,
  kept: 'nowhere',
  keyOf: ({ stream, metadata }) => `${stream} ${metadata.commandId}`,
  streamOf: ({ stream }) => String(stream),
  handles,
  tables: [
    {
      name: 'stream_ties',
      columns: { id: 'text', stream: 'text' },
      key: ['id', 'stream'],
      rows: ({ stream, ids }) => ids.map((id) => ({ id, stream })),
    },
  ],
});

export interface TieReader {
  /** Streams tied to any of the ids, without those that are known; at most `limit` for each id. */
  streamsTiedTo(
    ids: readonly string[],
    options: { readonly known: readonly string[]; readonly limit: number },
  ): Promise<readonly string[]>;
}

// The inner select hides the length of the array from the planner, which else plans every search anew.
const tiedSql = `select distinct t.stream from unnest((select $1::text[])) as w(id)
  cross join lateral (select stream from stream_ties t where t.id = w.id order by t.stream limit $3) t
  where t.stream <> all ((select $2::text[])::text[]) order by t.stream`;

export function createTieReader(database: Queryable): TieReader {
  return {
    async streamsTiedTo(ids, { known, limit }) {
      const values = [ids, known, limit];
      const rows = await database.query<{ stream: string }>({ name: 'streams-tied', text: tiedSql, values });
      return rows.map(({ stream }) => stream);
    },
  };
}
