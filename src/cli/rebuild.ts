import { Argument, Command, Option } from '@commander-js/extra-typings';
import type { House } from '../main/compose.ts';
import { readModels } from '../main/read-models.ts';
import type { Certificate } from '../projections/certificates/certificate.ts';
import { causeText, differenceText, verdictText } from '../projections/certificates/words.ts';
import type { Projection } from '../projections/projection.ts';
import {
  dropBuilt,
  NothingBuilt,
  type Rebuild,
  rebuildProjection,
  rollBackGeneration,
} from '../projections/rebuild.ts';
import { DifferenceFound, Interrupted, UsageError } from './exit.ts';
import { withHouse } from './house.ts';
import { interruptible } from './interrupt.ts';
import type { Output } from './output.ts';
import { progressLine } from './progress.ts';
import { projectionNamed } from './projection-named.ts';

interface RebuildChoices {
  readonly compareOnly?: true;
  readonly switch?: true;
  readonly drop?: true;
  readonly rollback?: true;
  readonly acceptDifferences?: true;
  readonly json?: true;
}

/** `orderfold rebuild`: builds a read model anew beside the live one, compares, switches. */
export function rebuildCommand(output: Output) {
  return new Command('rebuild')
    .description('Build a read model anew beside the live one, compare row by row, switch; stopped, it resumes')
    .addArgument(
      new Argument('[projection]', `one of ${readModels.map(({ name }) => name).join(', ')}; all, if left out`),
    )
    .addOption(
      new Option('--compare-only', 'build and compare; switch nothing').conflicts(['switch', 'drop', 'rollback']),
    )
    .addOption(new Option('--switch', 'show what was built and compared before').conflicts(['drop', 'rollback']))
    .addOption(new Option('--drop', 'drop what was built beside the live one').conflicts('rollback'))
    .option('--rollback', 'show the generation before the present one again')
    .option('--accept-differences', 'switch although rows differ from the live ones')
    .option('--json', 'answer as JSON, a line per projection')
    .action((name, choices) => runRebuild(output, name === undefined ? readModels : [projectionNamed(name)], choices));
}

async function runRebuild(output: Output, chosen: readonly Projection[], choices: RebuildChoices): Promise<void> {
  const { signal, done } = interruptible();
  try {
    await withHouse(async (house) => {
      let different = 0;
      for (const projection of chosen) {
        const result = await doOne(house, projection, choices, signal, output);
        output.data(
          choices.json
            ? JSON.stringify({ projection: projection.name, ...result })
            : `${projection.name}: ${describe(result)}`,
        );
        if (result.kind === 'interrupted') throw new Interrupted('Stopped. The same command goes on from here.');
        if (result.kind === 'different') different += 1;
        if (result.kind === 'compared' && result.certificate.differing > 0) different += 1;
      }
      if (different > 0)
        throw new DifferenceFound(
          'Rows differ, and nothing was switched. --switch shows the rebuilt ones, --drop forgets them.',
        );
    });
  } finally {
    done();
  }
}

async function doOne(
  house: House,
  projection: Projection,
  choices: RebuildChoices,
  signal: AbortSignal,
  output: Output,
): Promise<Done> {
  if (choices.rollback) return rollBack(house, projection);
  if (!choices.drop) return rebuild(house, projection, choices, signal, output);
  return { kind: 'dropped', there: await dropBuilt(house.database, projection) };
}

type Done =
  | Rebuild
  | { readonly kind: 'rolled-back'; readonly generation: number }
  | { readonly kind: 'dropped'; readonly there: boolean };

async function rebuild(
  { log, journal, database }: House,
  projection: Projection,
  choices: RebuildChoices,
  signal: AbortSignal,
  output: Output,
): Promise<Rebuild> {
  const line = progressLine(output, `events into ${projection.name}`);
  // What the journal has is read from its files, what it does not have from the log.
  const archive = await journal.open({ mode: 'read' });
  try {
    return await rebuildProjection({
      ...{ log, database, projection, signal },
      ...(archive && { archive }),
      ...(choices.compareOnly && { step: 'compare' as const }),
      ...(choices.switch && { step: 'switch' as const }),
      ...(choices.acceptDifferences && { acceptDifferences: true }),
      onProgress: ({ count, rate, total, etaSeconds }) =>
        line.update({
          ...{ done: count, rate },
          ...(total !== undefined && { total }),
          ...(etaSeconds !== undefined && { secondsLeft: etaSeconds }),
        }),
    });
  } catch (error) {
    throw error instanceof NothingBuilt ? new UsageError(`${error.message}: orderfold rebuild --compare-only`) : error;
  } finally {
    line.end();
  }
}

async function rollBack(house: House, projection: Projection) {
  const result = await rollBackGeneration(house, projection);
  if (result.kind === 'no-previous')
    throw new UsageError(`There is no generation of ${projection.name} before the present one.`);
  if (result.kind === 'of-another-log')
    throw new UsageError(
      `Generation ${result.generation} of ${projection.name} was made of another log and cannot go on with this one; rebuild it.`,
    );
  return result;
}

function describe(result: Done): string {
  if (result.kind === 'rolled-back') return `generation ${result.generation} is shown again`;
  if (result.kind === 'dropped')
    return result.there ? 'what was built beside it was dropped' : 'nothing was built beside it';
  if (result.kind === 'interrupted') return `stopped at ${result.position}`;
  const { certificate } = result;
  const stands =
    result.kind === 'switched'
      ? `generation ${result.generation} is shown, at ${result.position}`
      : `generation ${result.generation} waits beside the one that is shown`;
  return [`${stands} (certificate ${certificate.id})`, `  ${verdictText(certificate)}`, ...rowsOf(certificate)].join(
    '\n',
  );
}

const mostShown = 20;

function rowsOf({ differing, differences }: Certificate): string[] {
  const rows = differences.slice(0, mostShown).map((row) => {
    const last = row.lastEvent ? `; last event ${row.lastEvent.type} (${row.lastEvent.revision})` : '';
    return `  ${row.name} in ${row.table}: ${differenceText(row)} [${causeText[row.cause]}${last}]`;
  });
  return differing > rows.length ? [...rows, `  and ${differing - rows.length} more`] : rows;
}
