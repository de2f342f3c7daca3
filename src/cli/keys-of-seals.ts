import { Command } from '@commander-js/extra-typings';
import { PersonErased } from '../events/seals/problems.ts';
import { changeMasterKey } from '../main/master-keys.ts';
import { UsageError } from './exit.ts';
import { withHouse } from './house.ts';
import type { Output } from './output.ts';
import { personArgument, unknownPerson } from './persons.ts';

/** `orderfold keys rotate-master`: another master key wraps the keys of all persons. */
export function rotateMasterCommand(output: Output) {
  return new Command('rotate-master')
    .description(
      'Wrap the keys of all persons by another master key: the one in ORDERFOLD_MASTER_KEY (the one before is given in ORDERFOLD_OLD_MASTER_KEY), or a new one in the file of the embedded default',
    )
    .option('--json', 'answer as JSON')
    .action(async ({ json }) => {
      const wrapped = await withHouse(({ config, database, masterKeys }) =>
        changeMasterKey(config, database, masterKeys),
      );
      if (json) return output.data(JSON.stringify({ wrapped }));
      output.words(`${wrapped} keys are wrapped anew. The master key before opens nothing any more; destroy it.`);
    });
}

/** `orderfold keys rotate-person`: what is sealed from now on is under another key. */
export function rotatePersonCommand(output: Output) {
  return new Command('rotate-person')
    .description('Give a person a new key for what is sealed from now on; what is there opens as before')
    .addArgument(personArgument())
    .option('--json', 'answer as JSON')
    .action(async (personId, { json }) => {
      const version = await withHouse(async ({ seals }) => {
        if (!(await seals.keys.of([personId])).has(personId)) throw unknownPerson(personId);
        return seals.keys.rotate(personId).catch((error: unknown) => {
          throw error instanceof PersonErased ? new UsageError(`${error.message}.`) : error;
        });
      });
      if (json) return output.data(JSON.stringify({ personId, version }));
      output.words(`Person ${personId} has key ${version} from now on.`);
    });
}
