import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { madeDocs } from '../../scripts/docs.ts';
import { read, root } from './source.ts';

test.each(Object.entries(madeDocs))('%s is what `npm run docs` makes', (path, make) => {
  expect(read(path)).toBe(make());
});

test('README names only documents that exist', () => {
  const linked = [...read('README.md').matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1] ?? '');
  expect(linked.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('README begins with the two commands', () => {
  const head = read('README.md').split('\n').slice(0, 12).join('\n');
  expect(head).toContain('npm ci && npm start');
  expect(head).toContain('npm ci && npm test');
});

test('every dependency has its reason', () => {
  const manifest = JSON.parse(read('package.json')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;
  const reasons = read('docs/dependencies.md');
  const names = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)].filter(
    (name) => !name.startsWith('@types/'),
  );
  expect(names.filter((name) => !reasons.includes(`\`${name}\``))).toEqual([]);
  const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version),
  );
  expect(loose).toEqual([]);
});

test('package-lock.json names no registry', () => {
  expect(read('package-lock.json')).not.toContain('"resolved"');
});
