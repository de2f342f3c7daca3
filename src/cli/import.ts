import { Argument, Command } from '@commander-js/extra-typings';
import { DifferenceFound, Interrupted } from './exit.ts';
import { withHouse } from './house.ts';
import { interruptible } from './interrupt.ts';
import type { Output } from './output.ts';
import { progressLine } from './progress.ts';

interface ImportOptions {
  readonly mapping: string;
  readonly dryRun?: true;
  readonly rejects?: string;
  readonly json?: true;
}

/** `orderfold import`: order history from CSV files, as docs/import.md describes. */
export function importCommand(output: Output) {
  return new Command('import')
    .description('Import order history from CSV files; repeating it adds nothing, stopping it loses nothing')
    .addArgument(new Argument('<file...>', 'CSV files, in the order of the sources in the mapping'))
    .requiredOption('-m, --mapping <file>', 'what the columns mean (docs/import.md)')
    .option('--dry-run', 'read and decide everything, record nothing')
    .option('--rejects <file>', 'write every rejected row and its reason to this CSV file')
    .option('--json', 'answer as JSON')
    .action((files, options) => runImport(output, files, options));
}

async function runImport(output: Output, files: readonly string[], options: ImportOptions): Promise<void> {
  const { importHistory } = await import('../import/import-history.ts');
  const { readMapping } = await import('../import/mapping/read-mapping.ts');
  const mapping = await readMapping(options.mapping);
  const { signal, done } = interruptible();
  const line = progressLine(output, 'rows');
  try {
    const summary = await withHouse(async (house) => {
      const summary = await importHistory(house, {
        mapping,
        files,
        dryRun: options.dryRun ?? false,
        ...(options.rejects !== undefined && { rejectsFile: options.rejects }),
        signal,
        onProgress: (progress) => line.update(progress),
      });
      if (options.dryRun) return summary;
      // Started only now: catching up with everything at once is faster than following every append.
      house.runner.start();
      await house.projected(signal);
      return summary;
    });
    line.end();
    output.data(options.json ? JSON.stringify(summary) : describe(summary));
    if (summary.interrupted) throw new Interrupted('Stopped. The same command goes on from here.');
    if (summary.rowsRejected + summary.orders.rejected > 0) {
      throw new DifferenceFound(
        `${summary.rowsRejected} rows and ${summary.orders.rejected} orders were rejected; the rest is in.`,
      );
    }
  } finally {
    done();
  }
}

type Summary = Awaited<ReturnType<typeof import('../import/import-history.ts').importHistory>>;

function describe(summary: Summary): string {
  const { orders } = summary;
  const lines = [
    `${summary.dryRun ? 'Would import' : 'Imported'} ${summary.rows} rows in ${summary.seconds} s: ${summary.eventsAppended} events added.`,
    `Orders: ${orders.read} read, ${orders.added} added, ${orders.known} known already, ${orders.rejected} rejected. Customers added: ${summary.customersAdded}.`,
    ...Object.entries(summary.warnings).map(
      ([code, { count, first }]) => `Warning ${code}: ${count} times, first at ${first}`,
    ),
    ...summary.firstRejects.map(({ file, line, code, reason }) => `Rejected ${file}:${line} (${code}): ${reason}`),
  ];
  return lines.join('\n');
}
