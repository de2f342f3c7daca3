import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { eventsDoc } from '../../scripts/events-doc.ts';
import { catalog } from '../../src/events/catalog/index.ts';

test('docs/events.md is made from the catalogue as it is; otherwise run npm run docs:events', () => {
  const written = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8');
  expect(written).toBe(eventsDoc());
});

test('every event has its section', () => {
  const doc = eventsDoc();
  expect([...catalog.keys()].filter((type) => !doc.includes(`### ${type}\n`))).toEqual([]);
});
