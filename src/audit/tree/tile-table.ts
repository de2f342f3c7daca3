import type { Database, Migration } from '../../database/database.ts';
import type { TileStore } from './tile.ts';

const table = `
create table audit_tiles (
  tile bigint primary key,
  root bytea not null,
  hashes bytea not null,
  places text not null,
  last_position text collate "C" not null
);
create unique index audit_tiles_in_order on audit_tiles (last_position);
`;

export const tileMigrations: readonly Migration[] = [{ name: 'audit-tiles-1', sql: table }];

const headsSql = `select tile, encode(root, 'base64') as root, last_position from audit_tiles
  where tile >= $1 order by tile limit $2`;
const tileSql = `select encode(root, 'base64') as root, encode(hashes, 'base64') as hashes, places, last_position
  from audit_tiles where tile = $1`;
const leavesSql = `select tile, encode(hashes, 'base64') as hashes from audit_tiles where tile >= $1 order by tile limit $2`;
const tileAtSql = `select tile from audit_tiles where last_position >= $1 order by last_position limit 1`;
/** Reads all of the table: only for whoever asks about one stream. */
const lastWithSql = `select tile from audit_tiles where position(' ' || $1 || E'\\n' in places || E'\\n') > 0 order by tile desc limit 1`;
/** A tile that is there already is compared as it was before this statement, which did not change it. */
const putSql = `with given as (
    select tile, decode(root, 'base64') as root, decode(hashes, 'base64') as hashes, places, last_position
    from json_to_recordset($1::json) as r(tile bigint, root text, hashes text, places text, last_position text)
  ), kept as (
    insert into audit_tiles (tile, root, hashes, places, last_position)
    select tile, root, hashes, places, last_position from given on conflict (tile) do nothing
  )
  select t.tile from audit_tiles t join given g on g.tile = t.tile where t.root <> g.root order by t.tile limit 1`;

const headsPage = 10_000;
const leavesPage = 128;
const fromBase64 = (text: string): Buffer => Buffer.from(text, 'base64');

interface HeadRow {
  readonly tile: string;
  readonly root: string;
  readonly last_position: string;
}

interface TileRow extends HeadRow {
  readonly hashes: string;
  readonly places: string;
}

async function number(answer: Promise<readonly Pick<HeadRow, 'tile'>[]>): Promise<number | undefined> {
  const [row] = await answer;
  return row && Number(row.tile);
}

/** Tiles in the database; `tileMigrations` must have been applied. */
export function tileTable(database: Pick<Database, 'query'>): TileStore {
  return {
    async *heads() {
      for (let next = 0; ; ) {
        const rows = await database.query<HeadRow>({ name: 'audit-heads', text: headsSql, values: [next, headsPage] });
        const whole = rows.filter(({ tile }, at) => Number(tile) === next + at);
        yield whole.map(({ root, last_position }) => ({ root: fromBase64(root), to: last_position }));
        if (whole.length < headsPage) return;
        next += headsPage;
      }
    },
    async tile(index) {
      const [row] = await database.query<TileRow>({ name: 'audit-tile', text: tileSql, values: [index] });
      if (!row) return undefined;
      const { root, hashes, places, last_position: to } = row;
      return { index, hashes: fromBase64(hashes), root: fromBase64(root), places: places.split('\n'), to };
    },
    async *leaves() {
      for (let next = 0; ; next += leavesPage) {
        const values = [next, leavesPage];
        const rows = await database.query<TileRow>({ name: 'audit-leaves', text: leavesSql, values });
        const whole = rows.filter(({ tile }, at) => Number(tile) === next + at);
        yield whole.map(({ hashes }) => fromBase64(hashes));
        if (whole.length < leavesPage) return;
      }
    },
    tileAt: (position) =>
      number(database.query<HeadRow>({ name: 'audit-tile-at', text: tileAtSql, values: [position] })),
    lastWith: (stream) => number(database.query<HeadRow>({ text: lastWithSql, values: [stream] })),
    async put(tiles) {
      const rows = tiles.map(({ index, root, hashes, places, to }) => ({
        tile: index,
        root: root.toString('base64'),
        hashes: hashes.toString('base64'),
        places: places.join('\n'),
        last_position: to,
      }));
      const [other] = await database.query<{ tile: string }>({ text: putSql, values: [JSON.stringify(rows)] });
      return other && Number(other.tile);
    },
    async clear() {
      await database.query({ text: 'delete from audit_tiles' });
    },
  };
}
