import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf, read, sourceFiles } from './source.ts';

/** The floors of the house, from the ground up. A room may import from its own floor and from floors below it. */
const floors: readonly (readonly string[])[] = [
  ['values'],
  ['database'],
  ['events'],
  ['commands', 'promising'],
  ['projections', 'analytics', 'audit'],
  ['processes'],
  ['edi', 'api', 'web', 'import', 'simulate'],
  ['main', 'cli', 'config'],
];

const floorOf = (room: string): number => floors.findIndex((floor) => floor.includes(room));
const roomOf = (file: string): string => (file.split('/')[1] ?? '').replace(/\.ts$/, '');

const files = sourceFiles('src');
const relativeImports = (file: string): string[] =>
  importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => posix.join(posix.dirname(file), specifier));

describe('the floors of the house', () => {
  test('every file lies in a known room', () => {
    expect(files.filter((file) => floorOf(roomOf(file)) < 0)).toEqual([]);
  });

  test('imports go down only, and rooms of one floor do not know each other', () => {
    const breaches = files.flatMap((file) =>
      relativeImports(file)
        .filter((target) => {
          const [from, to] = [roomOf(file), roomOf(target)];
          const sameFloor = floorOf(from) === floorOf(to);
          const top = floorOf(from) === floors.length - 1;
          return floorOf(to) > floorOf(from) || (sameFloor && from !== to && !top);
        })
        .map((target) => `${file} imports ${target}`),
    );
    expect(breaches).toEqual([]);
  });

  test('nothing in src imports from test, bench or scripts', () => {
    const outside = files.flatMap((file) =>
      relativeImports(file)
        .filter((target) => !target.startsWith('src/'))
        .map((target) => `${file} imports ${target}`),
    );
    expect(outside).toEqual([]);
  });

  test('decisions are pure: no adapters, no packages with effects, no clock, no randomness', () => {
    const pure = files.filter(
      (file) =>
        /^src\/(values|promising)\//.test(file) ||
        /^src\/commands\/[^/]+\/(?:.*\/)?(decide|evolve|state|ledger)/.test(file),
    );
    expect(pure.length).toBeGreaterThan(0);
    const impure = pure.flatMap((file) =>
      importsOf(file)
        .filter(
          (specifier) =>
            /^(pg|kysely|fastify|@eventstore|@electric-sql|pino|node:(?!crypto))/.test(specifier) ||
            /\/(log|database|projections)\//.test(specifier),
        )
        .map((specifier) => `${file} imports ${specifier}`),
    );
    expect(impure).toEqual([]);
    const ambient = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\b|\bperformance\.now\b|\bprocess\./;
    expect(pure.filter((file) => ambient.test(read(file)))).toEqual([]);
  });

  test('only its adapter knows the EventStoreDB client', () => {
    const knowing = files.filter((file) => importsOf(file).some((specifier) => specifier.startsWith('@eventstore/')));
    expect(knowing.filter((file) => !file.startsWith('src/events/log/eventstoredb'))).toEqual([]);
  });

  test('the write side is entered through the command handler only', () => {
    const appending = files.filter(
      (file) =>
        /^src\/(api|import|simulate|edi|web|processes|projections|analytics|audit)\//.test(file) &&
        /log\.append\(/i.test(read(file)),
    );
    expect(appending).toEqual([]);
  });
});
