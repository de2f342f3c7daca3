import { expect, test } from 'vitest';
import { configurationDoc } from '../../scripts/configuration-doc.ts';
import { read } from './source.ts';

test('docs/configuration.md is made from the settings', () => {
  expect(read('docs/configuration.md')).toBe(configurationDoc());
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
    ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
  );
  expect(loose).toEqual([]);
});

test('package-lock.json names no registry', () => {
  expect(read('package-lock.json')).not.toContain('"resolved"');
});
