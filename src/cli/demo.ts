import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { parseLocalDate } from '../values/dates.ts';
import { Interrupted } from './exit.ts';
import { withHouse } from './house.ts';
import { interruptible } from './interrupt.ts';
import type { Output } from './output.ts';
import { progressLine } from './progress.ts';

/** `orderfold demo`: loads the simulated manufacturer into whatever database is configured. */
export function demoCommand(output: Output) {
  return new Command('demo')
    .description('Load a simulated manufacturer: customers, orders, promises, shipments, delays')
    .option('--orders <n>', 'how many orders', atLeastOne, 2000)
    .option('--seed <text>', 'the same seed and day give the same events', 'orderfold')
    .option(
      '--until <date>',
      'day (UTC) at whose beginning the simulated clock stops; today, if left out',
      parseLocalDate,
    )
    .option('--json', 'answer as JSON')
    .action(async ({ orders, seed, until, json }) => {
      const { loadDemo } = await import('../main/demo.ts');
      const { signal, done } = interruptible();
      const line = progressLine(output, 'orders');
      try {
        const summary = await withHouse((house) =>
          loadDemo(house, {
            orders,
            seed,
            ...(until !== undefined && { until }),
            signal,
            onProgress: (progress) => line.update(progress),
          }),
        );
        line.end();
        output.data(
          json
            ? JSON.stringify(summary)
            : `${summary.orders} orders, ${summary.eventsAppended} events added in ${summary.seconds.toFixed(1)} s.`,
        );
        if (summary.interrupted) throw new Interrupted('Stopped. The same command goes on from here.');
      } finally {
        done();
      }
    });
}

function atLeastOne(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('a whole number from 1 is expected');
  return Number(text);
}
