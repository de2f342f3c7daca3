import { benchAppend } from './append.ts';
import { benchExport } from './export.ts';
import { benchHistory } from './history.ts';
import { stopPostgresServer } from './installation.ts';
import { benchJournal } from './journal.ts';
import { benchKpi } from './kpi.ts';
import { type Result, tell } from './measure.ts';
import { benchMemory } from './memory.ts';
import { benchProject } from './project.ts';
import { benchRead } from './read.ts';
import { facts, render, writeDocument } from './report.ts';

const benches: ReadonlyMap<string, () => Promise<Result>> = new Map([
  ['append', benchAppend],
  ['project', benchProject],
  ['memory', benchMemory],
  ['read', benchRead],
  ['journal', benchJournal],
  ['kpi', benchKpi],
  ['export', benchExport],
  ['history', benchHistory],
]);

const names = process.argv.slice(2);
const unknown = names.filter((name) => !benches.has(name));
if (unknown.length > 0) throw new Error(`No bench ${unknown.join(', ')}; there are ${[...benches.keys()].join(', ')}`);

const sections = new Map<string, string>();
try {
  for (const [name, bench] of benches) {
    if (names.length > 0 && !names.includes(name)) continue;
    const start = performance.now();
    const result = await bench();
    const section = render(result, await facts());
    sections.set(name, section);
    console.log(section);
    tell(`${name}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
  }
  writeDocument(sections, [...benches.keys()]);
} finally {
  await stopPostgresServer();
}
