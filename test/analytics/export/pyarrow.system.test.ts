import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Source } from '../../../src/analytics/export/extract.ts';
import { formats } from '../../../src/analytics/export/formats.ts';
import { snapshotLike } from '../../support/fact-tables.ts';
import { anyTable, rowsAsObjects, tableOf } from '../../support/tables.ts';

/** A Python with pyarrow; it is not part of this repository's tools. */
const python = process.env.ORDERFOLD_PYTHON ?? '';
const unset = python === '' ? ' (skipped: ORDERFOLD_PYTHON names no Python with pyarrow)' : '';

/** Checks every file fully, reads it, and tells its rows (the first and the last thousand), its metadata and its batches. */
const script = `
import sys, json, datetime, pyarrow as pa, pyarrow.parquet as pq
def shown(v):
    if isinstance(v, datetime.datetime): return v.strftime('%Y-%m-%dT%H:%M:%S.') + '%03dZ' % (v.microsecond // 1000)
    return v.isoformat() if isinstance(v, datetime.date) else v
for path in sys.argv[1:]:
    if path.endswith('.parquet'): t = pq.read_table(path)
    elif path.endswith('.arrow'): t = pa.ipc.open_file(path).read_all()
    else: t = pa.ipc.open_stream(path).read_all()
    t.validate(full=True)
    for batch in t.to_batches(): batch.validate(full=True)
    rows = (t.slice(0, 1000).to_pylist() + t.slice(max(1000, t.num_rows - 1000)).to_pylist())
    print(json.dumps({
        'count': t.num_rows, 'rows': [{k: shown(v) for k, v in row.items()} for row in rows],
        'types': {f.name: str(f.type) for f in t.schema}, 'about': (t.schema.field(0).metadata or {}).get(b'about', b'').decode(),
        'metadata': {k.decode(): v.decode() for k, v in (t.schema.metadata or {}).items() if not k.startswith(b'ARROW')}}))
`;

interface Told {
  readonly count: number;
  readonly rows: readonly object[];
  readonly types: Readonly<Record<string, string>>;
  readonly about: string;
  readonly metadata: Readonly<Record<string, string>>;
}

describe.runIf(python !== '')(`pyarrow${unset}`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orderfold-pyarrow-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function written(name: string, source: Source, format: string): Promise<string> {
    const path = join(folder, `${name}.${format}`);
    const pieces: Uint8Array[] = [];
    for await (const piece of formats.find((one) => one.name === format)?.write(source) ?? [])
      pieces.push(Buffer.from(piece as Uint8Array));
    await writeFile(path, Buffer.concat(pieces));
    return path;
  }

  function read(paths: readonly string[]): Told[] {
    const { stdout, stderr, status } = spawnSync(python, ['-c', script, ...paths], { maxBuffer: 2 ** 28 });
    expect(status, String(stderr)).toBe(0);
    const lines = String(stdout).trim().split('\n');
    return lines.map((line) => JSON.parse(line) as Told);
  }

  const metadata = new Map([
    ['position', '00000000000000000042'],
    ['kpi_versions', 'on_time_rate@1'],
  ]);

  it.each(['arrows', 'arrow', 'parquet'])(
    'fully validates %s of any table, and reads what JSON says',
    async (format) => {
      const tables = fc.sample(anyTable, { numRuns: format === 'parquet' ? 5 : 60, seed: 7 });
      const paths = await Promise.all(tables.map((table, at) => written(`any${at}`, { table, metadata }, format)));
      for (const [at, told] of read(paths).entries()) {
        const rows = JSON.parse(JSON.stringify(rowsAsObjects(tables[at] ?? tableOf(0))));
        expect(told.rows).toEqual(rows);
        expect(told.metadata).toMatchObject(Object.fromEntries(metadata));
      }
    },
  );

  it.each(['arrows', 'arrow', 'parquet'])('fully validates %s of many batches, and of none', async (format) => {
    const table = tableOf(150_000);
    const { table: header, parts, close } = await snapshotLike(table, {}, folder);
    const many = await written('many', { table: header, parts: parts(), metadata }, format);
    await close();
    const none = await written('none', { table: tableOf(0), metadata }, format);
    const [all, empty] = read([many, none]);
    const ends = Array.from({ length: 2_000 }, (_, n) => (n < 1_000 ? n : 148_000 + n));
    expect(all?.count).toBe(150_000);
    expect(all?.rows).toEqual(JSON.parse(JSON.stringify(rowsAsObjects(table, ends))));
    expect([empty?.count, empty?.types.at, empty?.types.due]).toEqual([0, 'timestamp[ms, tz=UTC]', 'date32[day]']);
    if (format !== 'parquet') expect(all?.about).toBe('Of every kind one');
  });
});
