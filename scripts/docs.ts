import { writeFileSync } from 'node:fs';
import { analyticsKpisDoc } from './analytics-kpis-doc.ts';
import { cliDoc } from './cli-doc.ts';
import { configurationDoc } from './configuration-doc.ts';
import { eventsDoc } from './events-doc.ts';
import { kpisDoc } from './kpis-doc.ts';

/** The documents that are made from the code itself; a test says when one is out of date. */
export const madeDocs: Readonly<Record<string, () => string>> = {
  'docs/analytics-kpis.md': analyticsKpisDoc,
  'docs/cli.md': cliDoc,
  'docs/configuration.md': configurationDoc,
  'docs/events.md': eventsDoc,
  'docs/kpis.md': kpisDoc,
};

if (process.argv[1] === import.meta.filename) {
  for (const [path, make] of Object.entries(madeDocs)) writeFileSync(new URL(`../${path}`, import.meta.url), make());
}
