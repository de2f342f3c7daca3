import { Argument, Command } from '@commander-js/extra-typings';
import type { Redecision } from '../audit/regression/redecide.ts';
import { type Regression, regress } from '../audit/regression/regress.ts';
import { families } from '../commands/families.ts';
import type { House } from '../main/compose.ts';
import { parseInstant } from '../values/dates.ts';
import { DifferenceFound, Interrupted, UsageError } from './exit.ts';
import { withHouse } from './house.ts';
import { interruptible } from './interrupt.ts';
import type { Output } from './output.ts';
import { progressLine } from './progress.ts';

interface RegressChoices {
  readonly since?: string;
  readonly after?: string;
  readonly json?: true;
}

/** `orderfold regress`: decides what was recorded again, with this program. */
export function regressCommand(output: Output) {
  return new Command('regress')
    .description('Decide every recorded command again with this program; tell every order whose events would differ')
    .addArgument(new Argument('[orders...]', 'order ids or numbers; everything in the log, if left out'))
    .option('--since <instant>', 'only commands recorded then or later, e.g. 2026-03-01T00:00:00Z', parseInstant)
    .option('--after <position>', 'go on where a stopped call ended')
    .option('--json', 'answer as JSON, a line per command that differs and a last line with the counts')
    .action((orders, choices) => runRegress(output, orders, choices));
}

async function runRegress(output: Output, orders: readonly string[], choices: RegressChoices): Promise<void> {
  const { signal, done } = interruptible();
  const line = progressLine(output, 'commands decided again');
  const startedAt = performance.now();
  try {
    const result = await withHouse(async (house) => {
      const streams = await streamsOf(house, orders);
      return regress({
        ...{ log: house.log, aggregates: families, signal },
        ...(streams && { streams }),
        ...(choices.since !== undefined && { since: choices.since }),
        ...(choices.after !== undefined && { after: choices.after }),
        onFound: (found) => output.data(choices.json ? JSON.stringify(found) : textOf(found)),
        onProgress: ({ commands }) =>
          line.update({ done: commands, rate: (commands * 1000) / Math.max(1, performance.now() - startedAt) }),
      });
    });
    line.end();
    output.data(choices.json ? JSON.stringify(result) : summaryOf(result));
    if (result.kind === 'interrupted') throw new Interrupted(`Stopped. Go on with --after ${result.position}`);
    if (result.differing + result.unreadable.length > 0)
      throw new DifferenceFound('This program would not record what was recorded.');
  } finally {
    done();
  }
}

async function streamsOf({ orders }: House, asked: readonly string[]): Promise<readonly string[] | undefined> {
  if (asked.length === 0) return undefined;
  return Promise.all(
    asked.map(async (idOrNumber) => {
      const order = await orders.statusJson(idOrNumber);
      if (!order) throw new UsageError(`There is no order ${idOrNumber}.`);
      return `order-${(JSON.parse(order.json) as { readonly orderId: string }).orderId}`;
    }),
  );
}

const mostFields = 5;

function textOf({ stream, orderNo, revision, command, kind, differences, why }: Redecision): string {
  const head = `${orderNo ?? stream}: ${command} at revision ${revision}`;
  if (kind !== 'decided-otherwise')
    return `${head} would be ${kind === 'refused' ? 'refused' : 'broken'}: ${why ?? ''}`;
  const fields = differences.slice(0, mostFields).map(({ field, before, after }) => `${field} ${before} → ${after}`);
  const more = differences.length > mostFields ? ` and ${differences.length - mostFields} more` : '';
  return `${head} would differ: ${fields.join(', ')}${more}`;
}

function summaryOf({ streams, commands, unrecorded, differing, unreadable }: Regression): string {
  const older = unrecorded === 0 ? '' : `; ${unrecorded} were recorded before commands were kept and cannot be`;
  const unread = unreadable.length === 0 ? '' : `; unreadable: ${unreadable.join(', ')}`;
  return `${commands} commands in ${streams} streams decided again, ${differing} differ${older}${unread}. Refused commands leave no event and are not covered.`;
}
