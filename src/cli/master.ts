import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Argument, Command } from '@commander-js/extra-typings';
import { type MasterKind, master } from '../events/catalog/master/index.ts';
import type { Reject } from '../import/rejects.ts';
import type { House } from '../main/compose.ts';
import { DifferenceFound, Interrupted } from './exit.ts';
import { withHouse } from './house.ts';
import { interruptible } from './interrupt.ts';
import type { Output } from './output.ts';
import { progressLine } from './progress.ts';

const kinds = Object.keys(master) as MasterKind[];
const kindArgument = () => new Argument('<kind>', 'what it is').choices(kinds);

/** `orderfold master`: items, price lists, calendars ... from CSV files and back. */
export function masterCommand(output: Output) {
  return new Command('master')
    .description('Master data (docs/master-data.md): import and export as CSV')
    .addCommand(importCommand(output))
    .addCommand(exportCommand(output));
}

function importCommand(output: Output) {
  return new Command('import')
    .description('Lay down what a CSV file says; repeating it adds nothing, stopping it loses nothing')
    .addArgument(kindArgument())
    .addArgument(new Argument('<file>', 'CSV file with a header; `master export` shows its columns'))
    .option('--json', 'answer as JSON')
    .action(async (kind, file, { json }) => {
      const { importMaster } = await import('../import/master/import-master.ts');
      const { signal, done } = interruptible();
      const line = progressLine(output, 'things');
      const rejects: Reject[] = [];
      const onReject = (reject: Reject): void => void rejects.push(reject);
      try {
        const summary = await withHouse(({ handler }) =>
          importMaster({ kind, file, handler, signal, onReject, onProgress: (progress) => line.update(progress) }),
        );
        line.end();
        output.data(json ? JSON.stringify({ ...summary, rejects }) : described(summary, rejects));
        if (summary.interrupted) throw new Interrupted('Stopped. The same command goes on from here.');
        if (rejects.length > 0) throw new DifferenceFound(`${rejects.length} were rejected; the rest is in.`);
      } finally {
        done();
      }
    });
}

function described({ things, changed }: { things: number; changed: number }, rejects: readonly Reject[]): string {
  return [
    `${things} read, ${changed} laid down anew, ${things - changed - rejects.length} held already, ${rejects.length} rejected.`,
    ...rejects.map(
      ({ file, line, column, code, reason }) =>
        `Rejected ${file}:${line}${column === undefined ? '' : ` ${column}`} (${code}): ${reason}`,
    ),
  ].join('\n');
}

function exportCommand(output: Output) {
  return new Command('export')
    .description('Write everything of a kind, with all its dated versions, as CSV that `master import` reads')
    .addArgument(kindArgument())
    .option('--out <file>', 'file to write; standard output, if left out')
    .action(async (kind, { out }) => {
      const { masterCsv } = await import('../import/master/write-master.ts');
      await withHouse(async (house) => {
        house.runner.start();
        await house.projected();
        const lines = masterCsv(master[kind].specification, await versionsOf(house, kind));
        if (out === undefined) output.data([...lines].join('').replace(/\r\n$/, ''));
        else await pipeline(Readable.from(lines), createWriteStream(out));
      });
    });
}

/** Everything that holds or held or will. */
async function versionsOf({ master: things }: House, kind: MasterKind) {
  const versions = [];
  for (let after = ''; ; ) {
    const page = await things.list(kind, { after, limit: pageSize });
    for (const { id, versions: all } of page)
      for (const { effectiveFrom, specification } of all)
        versions.push({ id, effectiveFrom, ...(specification && { specification }) });
    after = page.at(-1)?.id ?? '';
    if (page.length < pageSize) return versions;
  }
}

const pageSize = 200;
