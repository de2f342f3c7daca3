import { Argument, Command } from '@commander-js/extra-typings';
import { listParked } from '../projections/quarantine.ts';
import { retryParked } from '../projections/repair.ts';
import { DifferenceFound, UsageError } from './exit.ts';
import { withHouse } from './house.ts';
import { type Output, table } from './output.ts';
import { projectionNamed } from './projection-named.ts';

/** `orderfold parked`: streams that a projection could not fold, and their retry after a fix. */
export function parkedCommand(output: Output) {
  const parked = new Command('parked').description('Streams in quarantine: list them, retry them after a fix');
  parked.addCommand(listCommand(output)).addCommand(retryCommand(output));
  return parked;
}

function listCommand(output: Output) {
  return new Command('list')
    .description('Parked streams, since when and why')
    .option('--json', 'answer as JSON')
    .action(async ({ json }) => {
      const streams = await withHouse((house) => listParked(house.database));
      const rows = streams.map((one) => [
        one.projection,
        one.stream,
        one.events,
        one.firstRevision,
        one.parkedAt,
        `${one.code}: ${one.cause}`,
      ]);
      output.data(
        json ? JSON.stringify(streams) : table(['projection', 'stream', 'events', 'from', 'since', 'why'], rows),
      );
    });
}

function retryCommand(output: Output) {
  return new Command('retry')
    .description('Fold the parked events of one stream again, in order; of all streams, if none is named')
    .addArgument(new Argument('[stream]', 'e.g. order-0190...'))
    .option('--json', 'answer as JSON')
    .action(async (stream, { json }) => {
      const results = await withHouse(async ({ database, log }) => {
        const streams = (await listParked(database)).filter((one) => stream === undefined || one.stream === stream);
        if (stream !== undefined && streams.length === 0)
          throw new UsageError(`The stream ${stream} is not parked; \`orderfold parked list\` names those that are.`);
        const repaired = [];
        for (const one of streams) {
          const repair = await retryParked({
            database,
            log,
            projection: projectionNamed(one.projection),
            stream: one.stream,
          });
          repaired.push({ projection: one.projection, stream: one.stream, ...repair });
        }
        return repaired;
      });
      const rows = results.map((one) => [one.projection, one.stream, one.kind, 'cause' in one ? one.cause : '']);
      output.data(json ? JSON.stringify(results) : table(['projection', 'stream', 'result', 'why'], rows));
      const still = results.filter(({ kind }) => kind === 'still-poisonous').length;
      if (still > 0) throw new DifferenceFound(`${still} of ${results.length} streams stay parked.`);
    });
}
