import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { zipOf } from '../audit/evidence/zip.ts';
import { UsageError } from './exit.ts';
import { withHouse } from './house.ts';
import { orderNamed } from './order-named.ts';
import type { Output } from './output.ts';

/** `orderfold evidence`: everything that is recorded about an order, to be checked by somebody else. */
export function evidenceCommand(output: Output) {
  return new Command('evidence')
    .description(
      'Everything that is recorded about an order, with proofs and a program that checks them with Node alone',
    )
    .argument('<order>', 'number or id')
    .requiredOption('--out <path>', 'a .zip, or else a folder')
    .option('--json', 'answer as JSON')
    .action(async (name, { out, json }) => {
      const files = await withHouse(async (house) => house.notary.evidence(await orderNamed(house, name)));
      if (!files) throw new UsageError(`There is no order ${name}.`);
      if (out.endsWith('.zip')) await writeFile(out, zipOf(files));
      else await writeFolder(out, files);
      output.data(
        json
          ? JSON.stringify({ out, files: [...files.keys()] })
          : `${files.size} files in ${out}; node verify.mjs checks them.`,
      );
    });
}

async function writeFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [name, content] of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}
