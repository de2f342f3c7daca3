import { holdsOn } from '../../commands/master/state.ts';
import type { Queryable } from '../../database/database.ts';
import type { MasterKind, Specification } from '../../events/catalog/master/index.ts';
import type { MasterDoc } from './projection.ts';

export type { MasterDoc } from './projection.ts';

export interface MasterReader {
  thing<Kind extends MasterKind>(kind: Kind, id: string): Promise<MasterDoc<Kind> | undefined>;
  /** In order of id, after `after`. */
  list<Kind extends MasterKind>(
    kind: Kind,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly MasterDoc<Kind>[]>;
  /** What holds of each of them on the local date; those of which nothing does are left out. */
  holding<Kind extends MasterKind>(
    kind: Kind,
    ids: readonly string[],
    date: string,
  ): Promise<ReadonlyMap<string, Specification<Kind>>>;
  /** What holds of everything of the kind on the local date: for kinds of which there are few. */
  allHolding<Kind extends MasterKind>(kind: Kind, date: string): Promise<ReadonlyMap<string, Specification<Kind>>>;
}

const pageSize = 500;

export function createMasterReader(database: Queryable): MasterReader {
  const read = async <Kind extends MasterKind>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<MasterDoc<Kind>[]> => {
    const rows = await database.query<{ doc: string }>({ name, text, values });
    return rows.map(({ doc }) => JSON.parse(doc) as MasterDoc<Kind>);
  };
  const list: MasterReader['list'] = (kind, { after = '', limit }) =>
    read('master-list', 'select doc from master_data where kind = $1 and id > $2 order by id limit $3', [
      kind,
      after,
      limit,
    ]);
  return {
    list,
    thing: async (kind, id) => {
      const [found] = await read<typeof kind>('master-thing', 'select doc from master_data where stream = $1', [
        `${kind}-${id}`,
      ]);
      return found;
    },
    holding: async (kind, ids, date) => {
      const streams = [...new Set(ids)].map((id) => `${kind}-${id}`);
      if (streams.length === 0) return new Map();
      const text = 'select doc from master_data where stream = any($1::text[])';
      return holdingOn(await read<typeof kind>('master-things', text, [streams]), date);
    },
    async allHolding(kind, date) {
      const docs: MasterDoc<typeof kind>[] = [];
      for (let after = ''; ; after = docs.at(-1)?.id ?? '') {
        const page = await list(kind, { after, limit: pageSize });
        docs.push(...page);
        if (page.length < pageSize) return holdingOn(docs, date);
      }
    },
  };
}

function holdingOn<Kind extends MasterKind>(
  docs: readonly MasterDoc<Kind>[],
  date: string,
): ReadonlyMap<string, Specification<Kind>> {
  const found = new Map<string, Specification<Kind>>();
  for (const doc of docs) {
    const specification = holdsOn<Kind>(doc, date);
    if (specification) found.set(doc.id, specification);
  }
  return found;
}
