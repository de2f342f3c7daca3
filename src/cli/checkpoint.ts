import { Command } from '@commander-js/extra-typings';
import { keepCheckpoint } from '../audit/checkpoint/kept-files.ts';
import { withHouse } from './house.ts';
import type { Output } from './output.ts';

/** `orderfold checkpoint`: signs the head of the log and puts it where it is to be kept. */
export function checkpointCommand(output: Output) {
  return new Command('checkpoint')
    .description('Sign the log as it is now; print the checkpoint, and put it to the places of ORDERFOLD_AUDIT_PLACES')
    .option('--out <file>', 'write it there, and beside it the hashes that later say where a log was changed')
    .option(
      '--rebuild-tree',
      'make the tree over the log again before; what was signed already must still be true of it',
    )
    .option('--json', 'answer as JSON')
    .action(async ({ out, rebuildTree, json }) => {
      const { checkpoint, publicKey, failed } = await withHouse(async ({ notary }) => {
        if (rebuildTree) await notary.rebuildTree();
        const issued = await notary.checkpoint();
        if (out !== undefined) await keepCheckpoint(out, issued.checkpoint, notary.tree);
        return { ...issued, publicKey: await notary.publicKey() };
      });
      const { size, root, origin, note, position, issuedAt } = checkpoint;
      output.words(`${size} events are signed. Public key: ${publicKey}`);
      output.data(
        json
          ? JSON.stringify({ size, root: root.toString('base64'), origin, note, position, issuedAt, publicKey })
          : note.trimEnd(),
      );
      if (failed.length > 0) throw new Error(`The checkpoint could not be put to ${failed.join(', ')}.`);
    });
}
