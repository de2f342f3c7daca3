import { describe, expect, test } from 'vitest';
import { read, sourceFiles } from './source.ts';

const files = sourceFiles('src', 'test', 'bench', 'scripts');

describe('the rules of the house', () => {
  test('no file is longer than 300 lines', () => {
    const long = files
      .map((file) => ({ file, lines: read(file).split('\n').length - 1 }))
      .filter(({ lines }) => lines > 300);
    expect(long).toEqual([]);
  });

  test('nothing is left for later', () => {
    const mark = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'HA' + 'CK'].join('|')})\\b`);
    expect(files.filter((file) => mark.test(read(file)))).toEqual([]);
  });

  test('no test is skipped by hand or run alone', () => {
    const mark = /\b(?:test|it|describe)\.(?:only|todo|skip)\(/;
    expect(files.filter((file) => file.startsWith('test/') && mark.test(read(file)))).toEqual([]);
  });

  test('no file or folder has a name that says nothing', () => {
    const empty = /(^|\/)(utils?|helpers?|common|manager|service|misc|shared)(\.ts|\/)/;
    expect(files.filter((file) => empty.test(file))).toEqual([]);
  });

  test('types are never switched off', () => {
    const off = /@ts-(?:ignore|nocheck|expect-error)|biome-ignore|\bas any\b|: any\s*[;,)=|>\]]|<any>/;
    expect(files.filter((file) => file.startsWith('src/') && off.test(read(file)))).toEqual([]);
  });

  test('modules export names, never a default', () => {
    expect(files.filter((file) => file.startsWith('src/') && /^export default/m.test(read(file)))).toEqual([]);
  });
});
