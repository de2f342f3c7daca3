import { randomUUID } from 'node:crypto';
import { Argument, Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { DifferenceFound, UsageError } from './exit.ts';
import { withHouse } from './house.ts';
import { type Output, table } from './output.ts';

/** `orderfold parked`: streams that a read model could not fold, and what is done about them. */
export function parkedCommand(output: Output) {
  const parked = new Command('parked').description(
    'Streams in quarantine: list them, retry them after a fix, skip an event',
  );
  parked.addCommand(listCommand(output)).addCommand(retryCommand(output)).addCommand(skipCommand(output));
  return parked;
}

function listCommand(output: Output) {
  return new Command('list')
    .description('Parked streams, since when, why, and what waits because of them')
    .option('--json', 'answer as JSON')
    .action(async ({ json }) => {
      const streams = await withHouse((house) => house.quarantine.list());
      const rows = streams.map((one) => [
        one.projection,
        one.orderNo ?? one.stream,
        one.events,
        one.firstRevision,
        one.parkedAt,
        `${one.code}: ${one.cause}`,
      ]);
      output.data(
        json
          ? JSON.stringify(streams)
          : table(['read model', 'stream', 'events waiting', 'from revision', 'since', 'why'], rows),
      );
    });
}

function retryCommand(output: Output) {
  return new Command('retry')
    .description('Fold the parked events of one stream again, in order; of all streams, if none is named')
    .addArgument(new Argument('[stream]', 'e.g. order-0190...'))
    .option('--json', 'answer as JSON')
    .action(async (stream, { json }) => {
      const results = await withHouse(async (house) => {
        const desk = house.quarantine;
        const streams = (await desk.list()).filter((one) => stream === undefined || one.stream === stream);
        if (stream !== undefined && streams.length === 0)
          throw new UsageError(`The stream ${stream} is not parked; \`orderfold parked list\` names those that are.`);
        const repaired = [];
        for (const one of streams) {
          const repair = await desk.retry(one.projection, one.stream);
          repaired.push({ projection: one.projection, stream: one.stream, ...repair });
        }
        return repaired;
      });
      const rows = results.map((one) => [one.projection, one.stream, one.kind, 'cause' in one ? one.cause : '']);
      output.data(json ? JSON.stringify(results) : table(['read model', 'stream', 'result', 'why'], rows));
      const still = results.filter(({ kind }) => kind === 'still-poisonous').length;
      if (still > 0) throw new DifferenceFound(`${still} of ${results.length} streams stay parked.`);
    });
}

function skipCommand(output: Output) {
  return new Command('skip')
    .description('Leave the first waiting event out of a read model, also in rebuilds, and fold what came after it')
    .addArgument(new Argument('<projection>', 'as `parked list` names it'))
    .addArgument(new Argument('<stream>', 'e.g. order-0190...'))
    .addArgument(new Argument('<revision>', 'of the first event that waits').argParser(revision))
    .requiredOption('--reason <text>', 'why it may be left out')
    .option('--json', 'answer as JSON')
    .action(async (projection, stream, at, { reason, json }) => {
      const result = await withHouse((house) =>
        house.quarantine.skip(
          { projection, stream, revision: at, reason },
          { commandId: randomUUID(), actor: { kind: 'user', id: 'command line', via: 'cli' } },
        ),
      );
      if (result.kind === 'not-parked') throw new UsageError(`${stream} is not parked in ${projection}.`);
      if (result.kind === 'not-first')
        throw new UsageError(
          `The first event of ${stream} that waits is ${result.firstRevision}; only that can be skipped.`,
        );
      if (result.kind === 'refused') throw new UsageError(result.refusal.message);
      output.data(json ? JSON.stringify(result) : `${stream} in ${projection}: ${result.kind}`);
      if (result.kind === 'still-poisonous') throw new DifferenceFound(`It stays parked: ${result.cause}`);
    });
}

function revision(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number from 0 is expected');
  return Number(text);
}
