import { randomUUID } from 'node:crypto';
import { Argument, Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { watchAggregate } from '../commands/watch/aggregate.ts';
import type { WatchCommand } from '../commands/watch/commands.ts';
import type { Watch } from '../commands/watch/state.ts';
import type { House } from '../main/compose.ts';
import { checkDimensions } from '../projections/kpi/dimensions.ts';
import { UsageError } from './exit.ts';
import { withHouse } from './house.ts';
import { type Output, table } from './output.ts';
import { conditionInWords, freeDimensionsOf, watchOf } from './watch-options.ts';

/** `orderfold watches`: which KPIs are watched, by what limits. */
export function watchesCommand(output: Output) {
  const watches = new Command('watches').description('Watched KPIs, which raise alerts: list, add, remove');
  watches.addCommand(listCommand(output)).addCommand(addCommand(output)).addCommand(removeCommand(output));
  return watches;
}

function listCommand(output: Output) {
  return new Command('list')
    .description('What is watched, and by what limits')
    .option('--json', 'answer as JSON')
    .action(async ({ json }) => {
      const watches = await withHouse((house) => house.alerts.watches({ limit: 1_000 }));
      const rows = watches.map(({ watchId, name, question, condition, tell }) => [
        watchId,
        name,
        question.kpi,
        question.period ?? '',
        conditionInWords(condition),
        tell.join(' '),
      ]);
      output.data(json ? JSON.stringify(watches) : table(['watch', 'name', 'kpi', 'period', 'alert', 'tells'], rows));
    });
}

function addCommand(output: Output) {
  return new Command('add')
    .description('Watch a KPI: below or above a number, or for a change of level (CUSUM)')
    .addArgument(new Argument('<watch>', 'id of the watch, e.g. on-time-sea'))
    .requiredOption('--kpi <id>', 'KPI of the catalogue (docs/kpis.md)')
    .option('--name <text>', 'name of the watch; its id, if left out')
    .addOption(new Option('--below <number>', 'alert below it').argParser(number).conflicts(['above', 'cusum']))
    .addOption(new Option('--above <number>', 'alert above it').argParser(number).conflicts('cusum'))
    .option('--clear-at <number>', 'the alert ends here; where it began, if left out', number)
    .addOption(new Option('--cusum <side>', 'alert on a change of level').choices(['below', 'above', 'both'] as const))
    .option('--baseline <from..to>', 'local dates of the usual level, for --cusum')
    .option('--k <sigma>', 'allowance of the CUSUM; 0.5, if left out', number)
    .option('--h <sigma>', 'decision interval of the CUSUM; 5, if left out', number)
    .option('--min-n <n>', 'judge no number with a smaller denominator', number)
    .addOption(
      new Option('--period <period>', 'ask by this period').choices([
        'day',
        'week',
        'month',
        'quarter',
        'year',
      ] as const),
    )
    .option('--look-back <n>', 'how many periods are judged; 3, if left out', number)
    .option('--grain <grain>', 'what is counted; the usual one of the KPI, if left out')
    .option('--basis <basis>', 'which date is kept or missed')
    .option('--population <who>', 'due or delivered')
    .option('--by <date>', 'the date that decides the period')
    .option('--zone <zone>', 'IANA zone of periods; the ship-to of each order, if left out')
    .option('--filter <dimension=value>', 'only this value; repeatable', repeated, [] as readonly string[])
    .option('--percentile <percent>', 'watch this percentile of durations, not their mean', number)
    .option('--tell <team>', 'team or role that is told; repeatable', repeated, [] as readonly string[])
    .option('--json', 'answer as JSON')
    .action(async (watchId, { json, ...options }) => {
      const body = watchOf(watchId, options);
      const watch = await withHouse(async (house) => {
        await checkDimensions(house.database, freeDimensionsOf(body));
        return carryOut(house, watchId, { kind: 'define', body });
      });
      if (json) return output.data(JSON.stringify({ watchId, version: watch.version, ...watch.definition }));
      output.words(`Watch ${watchId}: ${body.question.kpi} ${conditionInWords(body.condition)}.`);
    });
}

function removeCommand(output: Output) {
  return new Command('remove')
    .description('Stop watching; open alerts of the watch end')
    .addArgument(new Argument('<watch>', 'id of the watch'))
    .option('--json', 'answer as JSON')
    .action(async (watchId, { json }) => {
      await withHouse((house) => carryOut(house, watchId, { kind: 'remove' }));
      if (json) return output.data(JSON.stringify({ removed: watchId }));
      output.words(`Watch ${watchId} is removed.`);
    });
}

/** Throws UsageError for what is refused. Waits a little for the read model, so that `list` shows it. */
async function carryOut({ handler, runner }: House, watchId: string, command: WatchCommand): Promise<Watch> {
  const actor = { kind: 'user', id: 'command line', via: 'cli' } as const;
  const outcome = await handler.execute(watchAggregate, watchId, command, { commandId: randomUUID(), actor });
  if (outcome.kind === 'refused') throw new UsageError(`${outcome.refusal.message}.`);
  if (outcome.state === null) throw new Error(`The watch ${watchId} has no state`);
  runner.start();
  await runner.waitFor(outcome.position, { projection: 'watches', timeoutMs: 10_000 });
  return outcome.state;
}

const repeated = (text: string, before: readonly string[]): readonly string[] => [...before, text];

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('a number is expected');
  return value;
}
