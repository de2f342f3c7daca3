import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Spool } from '../../../src/analytics/export/spool.ts';
import { createSpools } from '../../../src/analytics/export/spools.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orderfold-spool-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const text = (readable: Readable): Promise<string> =>
  readable.toArray().then((pieces) => Buffer.concat(pieces as Buffer[]).toString());

/** Pieces that are made one by one, as the test says. */
function handmade() {
  const ready: (() => void)[] = [];
  const made = { count: 0, ended: false };
  async function* pieces(): AsyncGenerator<string> {
    try {
      for (;;) {
        const piece = await new Promise<string | undefined>((resolve) => {
          ready.push(() => resolve(made.count < 3 ? `piece ${made.count}.` : undefined));
        });
        if (piece === undefined) return;
        made.count += 1;
        yield piece;
      }
    } finally {
      made.ended = true;
    }
  }
  const next = async (): Promise<void> => {
    while (ready.length === 0) await turn();
    ready.shift()?.();
  };
  return { pieces, next, made };
}

function* many(count: number): Generator<string> {
  for (let n = 0; n < count; n += 1) yield `${n},`.repeat(1_000);
}
const whole = (count: number): string => [...many(count)].join('');

describe('an export in a file', () => {
  it('is read by several, each from where it likes, and has no name', async () => {
    const spool = await Spool.begin(folder, many(300));
    const readers = [spool.read(), spool.read(5, 9), spool.read(100_000)];
    expect(await readdir(folder)).toEqual([]);
    const [all, some, rest] = await Promise.all(readers.map(text));
    expect(all === whole(300)).toBe(true);
    expect(some).toBe(whole(1).slice(5, 10));
    expect(rest === whole(300).slice(100_000)).toBe(true);
    expect(spool.size).toBe(whole(300).length);
    expect(await text(spool.read(0, 0))).toBe('0');
    spool.forget();
  });

  it('is read while it is written', async () => {
    const { pieces, next } = handmade();
    const spool = await Spool.begin(folder, pieces());
    const reading = spool.read()[Symbol.asyncIterator]();
    for (const expected of ['piece 0.', 'piece 1.', 'piece 2.']) {
      await next();
      expect(String((await reading.next()).value)).toBe(expected);
      expect(spool.size).toBeUndefined();
    }
    await next();
    expect((await reading.next()).done).toBe(true);
    expect(spool.size).toBe(24);
    spool.forget();
  });

  it('holds hardly anything in memory for a reader that hardly reads', async () => {
    const spool = await Spool.begin(folder, many(2_000));
    const slow = spool.read();
    const first = await slow[Symbol.asyncIterator]().next();
    await spool.ended;
    expect(spool.size).toBe(whole(2_000).length);
    expect(slow.readableLength + first.value.length).toBeLessThan(300_000);
    slow.destroy();
    spool.forget();
  });

  it('is given up when its only reader leaves', async () => {
    const { pieces, next, made } = handmade();
    const spool = await Spool.begin(folder, pieces());
    const reader = spool.read();
    reader.destroy();
    await once(reader, 'close');
    await next();
    await spool.ended;
    expect(made.ended).toBe(true);
    expect(spool.error).toBeInstanceOf(Error);
    spool.forget();
  });

  it('fails for its readers as its making fails', async () => {
    const spool = await Spool.begin(
      folder,
      (function* () {
        yield 'half';
        throw new Error('no more');
      })(),
    );
    await expect(text(spool.read())).rejects.toThrow('no more');
    spool.forget();
  });
});

describe('exports', () => {
  const spools = (options: object = {}) => createSpools<number>({ directory: folder, ...options });

  it('are made few at a time, in the order in which they were asked for', async () => {
    const all = spools({ atOnce: 1 });
    const started: number[] = [];
    const begun = [1, 2, 3].map((n) =>
      all.begin(async () => {
        started.push(n);
        return { key: String(n), pieces: many(3), told: n };
      }),
    );
    const { spool } = (await begun[0]) as Awaited<(typeof begun)[0]>;
    expect(started).toEqual([1]);
    await spool.ended;
    await Promise.all(begun);
    expect(started).toEqual([1, 2, 3]);
    expect(all.find('2')?.told).toBe(2);
    all.close();
  });

  it('stand still and make room for others while their client is far behind', async () => {
    const all = spools({ atOnce: 1, aheadBytes: 100_000 });
    const made = { count: 0 };
    function* counted(): Generator<string> {
      for (const piece of many(300)) {
        made.count += 1;
        yield piece;
      }
    }
    const first = await all.begin(async () => ({ key: 'slow', pieces: counted(), told: 1 }));
    const slow = first.spool.read();
    await slow[Symbol.asyncIterator]().next();
    const second = await all.begin(async () => ({ key: 'quick', pieces: many(300), told: 2 }));
    expect(await text(second.spool.read())).toBe(whole(300));
    expect(first.spool.size).toBeUndefined();
    expect(made.count).toBeLessThan(100);
    const quick = text(first.spool.read());
    expect(await quick).toBe(whole(300));
    slow.destroy();
    all.close();
  });

  it('that stand still are made to their end for whoever needs the whole, and given up when nobody reads', async () => {
    const all = spools({ atOnce: 1, aheadBytes: 1 });
    const still = async (key: string) => {
      const { spool } = await all.begin(async () => ({ key, pieces: many(300), told: 1 }));
      const slow = spool.read();
      await slow[Symbol.asyncIterator]().next();
      return { spool, slow };
    };
    const [wanted, left] = [await still('wanted'), await still('left')];
    await wanted.spool.whole();
    expect(wanted.spool.size).toBe(whole(300).length);
    left.slow.destroy();
    await left.spool.ended;
    expect(left.spool.error).toBeInstanceOf(Error);
    wanted.slow.destroy();
    all.close();
  });

  it('let the next one in after one that could not be prepared', async () => {
    const all = spools({ atOnce: 1 });
    await expect(all.begin(() => Promise.reject(new Error('no facts')))).rejects.toThrow('no facts');
    await all.begin(async () => ({ key: 'a', pieces: many(1), told: 1 }));
    expect(all.find('a')).toBeDefined();
    all.close();
  });

  it('are forgotten, the oldest first, when there are too many, but not while they are read', async () => {
    const all = spools({ keptFiles: 2 });
    const made = async (key: string) => {
      const { spool } = await all.begin(async () => ({ key, pieces: many(2), told: 0 }));
      const reader = spool.read();
      await spool.ended;
      return reader;
    };
    const reader = await made('a');
    for (const key of ['b', 'c']) (await made(key)).destroy();
    await made('d').then((last) => last.destroy());
    await turn();
    expect(['a', 'b', 'c', 'd'].filter((key) => all.find(key))).toEqual(['a', 'd']);
    expect(await text(reader)).toBe(whole(2));
    all.close();
  });
});
