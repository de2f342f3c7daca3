import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { asAdmin } from '../test/support/postgres.ts';
import { postgresServer } from './installation.ts';
import type { Result, Table } from './measure.ts';
import { quick } from './settings.ts';

const document = new URL('../docs/benchmarks.md', import.meta.url);

const introduction = `# Benchmarks

Written by \`npm run bench\`, or \`npm run bench append read\` for some of them. Each bench compares with rivals measured in the
same run, the variants taking turns. Medians, with the least and the greatest beside them: the ratios mean more than the figures, which belong
to the machine named with them. PostgreSQL is a private server with its default settings, fsync on, on the same machine; PGlite is the
embedded database as the product opens it, fsync on. \`BENCH_QUICK=1\` tries the scripts and writes nothing.
`;

/** The machine, as far as it decides the figures. */
export async function facts(): Promise<string> {
  const processors = cpus();
  const server = await postgresServer();
  const asked = server && (await asAdmin(server.url, `select version() as version, current_setting('fsync') as fsync`));
  const [row] = (asked?.rows ?? []) as { version: string; fsync: string }[];
  const postgres = row ? `${row.version.split(' ').slice(0, 2).join(' ')} (fsync ${row.fsync})` : 'no PostgreSQL';
  const load = loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
  return [
    new Date().toISOString().slice(0, 10),
    `${processors.length} x ${processors[0]?.model.trim() ?? 'unknown processor'}`,
    `Node ${process.versions.node}`,
    postgres,
    `load ${load}`,
  ].join(', ');
}

export function render({ name, about, table, remarks }: Result, machine: string): string {
  const parts = [`## ${name}`, about, markdown(table), ...remarks.map((remark) => `Note: ${remark}`), `_${machine}_`];
  return `${parts.join('\n\n')}\n`;
}

function markdown({ columns, rows }: Table): string {
  const widths = columns.map((column, at) => Math.max(column.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, at) => (cells[at] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(columns), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}

/** Puts the sections into docs/benchmarks.md; those of benches that did not run stay. */
export function writeDocument(sections: ReadonlyMap<string, string>, order: readonly string[]): void {
  if (quick) return;
  const old = existsSync(document) ? readFileSync(document, 'utf8') : '';
  const kept = new Map(old.split(/^(?=## )/m).map((text) => [/^## (\S+)/.exec(text)?.[1] ?? '', `${text.trim()}\n`]));
  const all = order.map((name) => sections.get(name) ?? kept.get(name)).filter((text) => text !== undefined);
  writeFileSync(document, [introduction, ...all].join('\n'));
}
