import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { Mapping } from '../../src/import/mapping/schema.ts';
import { fileFolder, importInto } from '../support/import-files.ts';
import { memoryLog } from '../support/memory-log.ts';

const text = readFileSync('docs/import.md', 'utf8');
const block = (language: string): string => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? '';
const folder = fileFolder();
afterAll(() => folder.remove());

test('the example of docs/import.md does what it says', async () => {
  const log = memoryLog();
  const file = folder.write('orders.csv', block('csv'));
  const summary = await importInto(log, JSON.parse(block('json')) as object, { files: [file] });
  expect(text).toContain(`records ${summary.eventsAppended} events`);
  expect(summary).toMatchObject({ eventsAppended: 18, customersAdded: 2, orders: { added: 2, rejected: 0 } });
  const [reject] = summary.firstRejects;
  expect(text).toContain(`Rejected orders.csv:${reject?.line} (${reject?.code}): ${reject?.reason}`);
});

test('docs/import.md names every option of a mapping', () => {
  const options = new Set<string>();
  const walk = (schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return;
    if ('properties' in schema) for (const name of Object.keys(schema.properties as object)) options.add(name);
    Object.values(schema).forEach(walk);
  };
  walk(Mapping);
  expect([...options].filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
});
