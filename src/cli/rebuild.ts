import { Argument, Command } from '@commander-js/extra-typings';
import type { House } from '../main/compose.ts';
import { readModels } from '../main/read-models.ts';
import type { Projection } from '../projections/projection.ts';
import { type Rebuild, rebuildProjection, rollBackGeneration } from '../projections/rebuild.ts';
import { DifferenceFound, Interrupted, UsageError } from './exit.ts';
import { withHouse } from './house.ts';
import { interruptible } from './interrupt.ts';
import type { Output } from './output.ts';
import { progressLine } from './progress.ts';
import { projectionNamed } from './projection-named.ts';

interface RebuildChoices {
  readonly rollback?: true;
  readonly acceptDifferences?: true;
  readonly json?: true;
}

/** `orderfold rebuild`: builds a read model anew beside the live one, compares, switches. */
export function rebuildCommand(output: Output) {
  return new Command('rebuild')
    .description('Build a read model anew beside the live one, compare digests, switch; stopped, it resumes')
    .addArgument(
      new Argument('[projection]', `one of ${readModels.map(({ name }) => name).join(', ')}; all, if left out`),
    )
    .option('--rollback', 'show the generation before the present one again')
    .option('--accept-differences', 'switch although rows differ from the live ones')
    .option('--json', 'answer as JSON, a line per projection')
    .action((name, choices) => runRebuild(output, name === undefined ? readModels : [projectionNamed(name)], choices));
}

async function runRebuild(output: Output, chosen: readonly Projection[], choices: RebuildChoices): Promise<void> {
  const { signal, done } = interruptible();
  try {
    await withHouse(async (house) => {
      for (const projection of chosen) {
        const result = choices.rollback
          ? await rollBack(house, projection)
          : await rebuild(house, projection, choices, signal, output);
        output.data(
          choices.json
            ? JSON.stringify({ projection: projection.name, ...result })
            : `${projection.name}: ${describe(result)}`,
        );
        if (result.kind === 'interrupted') throw new Interrupted('Stopped. The same command goes on from here.');
        if (result.kind === 'different')
          throw new DifferenceFound('Nothing was switched. Look at the differing tables, or --accept-differences.');
      }
    });
  } finally {
    done();
  }
}

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
  const result = await rebuildProjection({
    log,
    ...(archive && { archive }),
    database,
    projection,
    signal,
    acceptDifferences: choices.acceptDifferences ?? false,
    onProgress: ({ count, rate, total, etaSeconds }) =>
      line.update({
        done: count,
        rate,
        ...(total !== undefined && { total }),
        ...(etaSeconds !== undefined && { secondsLeft: etaSeconds }),
      }),
  });
  line.end();
  return result;
}

async function rollBack({ database }: House, projection: Projection) {
  const generation = await rollBackGeneration(database, projection);
  if (generation === undefined)
    throw new UsageError(`There is no generation of ${projection.name} before the present one.`);
  return { kind: 'rolled-back' as const, generation };
}

function describe(result: Rebuild | Awaited<ReturnType<typeof rollBack>>): string {
  if (result.kind === 'rolled-back') return `generation ${result.generation} is shown again`;
  if (result.kind === 'interrupted') return `stopped at ${result.position}`;
  if (result.kind === 'different') return `rebuilt, but these tables differ: ${result.verdict.differing.join(', ')}`;
  const compared =
    result.verdict.equal === undefined ? 'another version, nothing to compare' : 'equal to the tables before';
  return `generation ${result.generation} is shown, at ${result.position} (${compared})`;
}
