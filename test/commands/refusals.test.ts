import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { refusals } from '../../src/commands/refusals.ts';

const textOf = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('refusals.ts') && !file.endsWith('refusals.test.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');

const source = textOf(join(import.meta.dirname, '../../src/commands'));
const tests = textOf(import.meta.dirname);

describe('the registry of refusals', () => {
  test('every code is used, and every code is tested', () => {
    const codes = Object.keys(refusals);
    expect(codes.filter((code) => !source.includes(`'${code}'`))).toEqual([]);
    expect(codes.filter((code) => !tests.includes(`'${code}'`))).toEqual([]);
  });

  test('every code is in kebab case, with a title and a help that is a sentence', () => {
    for (const [code, { title, help }] of Object.entries(refusals)) {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(title).toMatch(/^[A-Z]/);
      expect(help).toMatch(/^[A-Z].*\.$/);
    }
  });
});
