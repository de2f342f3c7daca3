import { expect, test } from 'vitest';
import { read, sourceFiles } from '../../house/source.ts';

test('pages say themselves how they are compiled: the settings of the folder are not at hand where the command is run', () => {
  const pages = sourceFiles('src').filter((file) => file.endsWith('.tsx'));
  expect(pages.length).toBeGreaterThan(5);
  const pragma = '/** @jsxRuntime automatic */\n/** @jsxImportSource preact */\n';
  expect(pages.filter((file) => !read(file).startsWith(pragma))).toEqual([]);
});
