import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Selection } from '../../../src/analytics/export/selection.ts';
import { SharedSnapshots } from '../../../src/analytics/export/shared-snapshots.ts';
import { snapshotOf } from '../../../src/analytics/export/snapshot.ts';
import { FoldedFacts } from '../../../src/analytics/facts/facts.ts';
import { dictionaryWords, type FactTable, factTable } from '../../../src/analytics/facts/tables.ts';
import { factsLike, snapshotLike, wholeTable } from '../../support/fact-tables.ts';
import { tableOf } from '../../support/tables.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'orderfold-snapshot-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const rows = 20_000;
const table = tableOf(rows);

/** The rows that were read of each column, at a time at most. */
function watched(source: FactTable) {
  const read: Record<string, number> = {};
  const columns = source.columns.map((view) => ({
    ...view,
    read: (from: number, to: number) => {
      read[view.name] = Math.max(read[view.name] ?? 0, to - from);
      return view.read(from, to);
    },
  }));
  return { source: { ...source, columns }, read };
}

describe('a snapshot', () => {
  it('gives back every row, from memory or from a file', async () => {
    for (const some of [tableOf(0), tableOf(7), table])
      expect(await wholeTable(await snapshotLike(some, {}, directory))).toEqual(some);
    expect(await readdir(directory)).toEqual([]);
  });

  it('reads only what is asked, a piece at a time', async () => {
    const { source, read } = watched(factsLike(table));
    await (await snapshotOf(source, { columns: ['lines'], where: ['good:true'] }, { directory })).close();
    expect(
      Object.keys(read)
        .filter((name) => (read[name] as number) > 0)
        .toSorted(),
    ).toEqual(['good', 'lines']);
    expect(Math.max(...Object.values(read))).toBeLessThanOrEqual(65_536);
    const all = watched(factsLike(table));
    await (await snapshotOf(all.source, {}, { directory })).close();
    expect(Math.max(...Object.values(all.read))).toBeLessThan(rows / 2);
  });

  it('stays what it is when the facts change', async () => {
    const changing = tableOf(rows);
    const snapshot = await snapshotLike(changing, {}, directory);
    for (const column of changing.columns) if (column.kind !== 'text') column.values.fill(1);
    expect(await wholeTable(snapshot)).toEqual(table);
  });

  it('holds two pieces, however many rows there are', async () => {
    const snapshot = await snapshotLike(table, {}, directory);
    const parts: number[] = [];
    for await (const part of snapshot.parts()) parts.push(part.rows);
    await snapshot.close();
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.reduce((sum, some) => sum + some, 0)).toBe(rows);
  });

  it('lets the event loop turn, and ends when nobody wants it any more', async () => {
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    await expect(snapshotOf(factsLike(tableOf(200_000)), {}, { directory, signal: stop.signal })).rejects.toThrow(
      'aborted',
    );
  });
});

describe('snapshots of whole tables', () => {
  const take = (all: SharedSnapshots, source: FactTable, moment: string, selection: Selection) =>
    all.take(moment, source, selection, { directory });

  it('are the same for all who ask for the same at the same moment, until the last is done', async () => {
    const all = new SharedSnapshots();
    let taken = 0;
    const source = factsLike(table);
    const columns = source.columns.map((view) => ({
      ...view,
      read: (from: number, to: number) => {
        if (from === 0 && to > 0) taken += 1;
        return view.read(from, to);
      },
    }));
    const counted = { ...source, columns };
    const [first, second] = await Promise.all([
      take(all, counted, '1', { columns: ['lines'] }),
      take(all, counted, '1', { columns: ['lines'], limit: rows - 5 }),
    ]);
    expect(taken).toBe(1);
    const shorter = await wholeTable(second);
    expect([shorter.rows, second.fitting]).toEqual([rows - 5, rows]);
    expect((await wholeTable(first)).columns).toEqual([table.columns.find(({ name }) => name === 'lines')]);
    for (const [moment, limit] of [
      ['2', rows],
      ['1', 7],
      ['1', rows],
    ] as const)
      await (await take(all, counted, moment, { columns: ['lines'], limit })).close();
    expect(taken).toBe(4);
  });

  it('can be asked for again after one failed', async () => {
    const all = new SharedSnapshots();
    await expect(take(all, factsLike(table), '1', { columns: ['profit'] })).rejects.toThrow('no column');
    await expect(take(all, factsLike(table), '1', { columns: ['profit'] })).rejects.toThrow('no column');
  });
});

it('words leave as text where there are too many for a dictionary', () => {
  const facts = new FoldedFacts();
  const kindOf = (name: string) => factTable(facts, 'orders').columns.find((column) => column.name === name)?.kind;
  expect(kindOf('customer')).toBe('word');
  for (let n = 0; n <= dictionaryWords; n += 1) facts.orders.columns.customer.code(`customer ${n}`);
  expect(kindOf('customer')).toBe('text');
  expect(factTable(facts, 'shipments').columns.find(({ name }) => name === 'shipment')?.kind).toBe('text');
});
