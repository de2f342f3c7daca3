import { Argument, Command, Option } from '@commander-js/extra-typings';
import { pastOf } from '../analytics/source.ts';
import type { Audit } from '../audit/audit.ts';
import { relations } from '../audit/history/gather.ts';
import { timeAxes } from '../audit/history/order-by.ts';
import { whenText } from '../audit/history/sentence.ts';
import type { Moment } from '../audit/moment.ts';
import { valueText } from '../audit/words.ts';
import { auditOf } from '../main/audit.ts';
import type { House } from '../main/compose.ts';
import { parseInstant } from '../values/dates.ts';
import { UsageError } from './exit.ts';
import { withHouse } from './house.ts';
import type { Output } from './output.ts';

const mostEvents = 100_000;

/** `orderfold history ORDER`: everything that happened to an order, in sentences. */
export function historyCommand(output: Output) {
  return new Command('history')
    .description('Everything that happened to an order and to what is tied to it: who, what, when, why')
    .addArgument(new Argument('<order>', 'order id or order number'))
    .addOption(new Option('--by <time>', 'the time that orders it').choices(timeAxes).default('occurred' as const))
    .addOption(new Option('--related <what>', 'events of tied streams').choices(relations).default('whole' as const))
    .option('--recorded <instant>', 'only what was recorded up to this instant', parseInstant)
    .option('--occurred <instant>', 'only what had happened up to this instant', parseInstant)
    .option('--json', 'one JSON document a line')
    .action(async (order, { by, related, json, ...moment }) => {
      const { entries } = await audited(order, (audit, orderId) =>
        audit.history(orderId, { by, related, moment: momentOf(moment), limit: mostEvents }),
      );
      for (const entry of entries) {
        const { stream, revision, metadata, sentence } = entry;
        output.data(json ? JSON.stringify(entry) : `${whenText(metadata)}  ${sentence}  [${stream}@${revision}]`);
      }
    });
}

/** `orderfold explain ORDER`: which events made a field of an order, or what it adds to a KPI. */
export function explainCommand(output: Output) {
  return new Command('explain')
    .description('Which events made a field of an order, or what it adds to a KPI')
    .addArgument(new Argument('<order>', 'order id or order number'))
    .option('--field <place>', 'place in the order, e.g. status or lines/0/promise', 'status')
    .option('--kpi <id>', 'a KPI of the catalogue in place of a field')
    .option('--recorded <instant>', 'as recorded up to this instant', parseInstant)
    .option('--occurred <instant>', 'as it had happened up to this instant', parseInstant)
    .option('--json', 'answer as JSON')
    .action(async (order, { field, kpi, json, ...given }) => {
      const moment = momentOf(given);
      const answer = await audited(order, async (audit, orderId) =>
        kpi === undefined
          ? audit.explainField('order_status', orderId, `doc/${field}`, moment)
          : audit.explainKpi(orderId, { kpi }, moment),
      );
      if (!answer) throw new UsageError(`Order ${order} was not there yet at that moment.`);
      if (json) return output.data(JSON.stringify(answer));
      for (const { event, sentence, from, to } of answer.steps)
        output.data(`${whenText(event.metadata)}  ${sentence}\n    ${valueText(from)} -> ${valueText(to)}`);
      output.words(`${kpi ?? field}: ${valueText(answer.value)}`);
    });
}

function momentOf({ recorded, occurred }: { readonly recorded?: string; readonly occurred?: string }): Moment {
  return { ...(recorded !== undefined && { recorded }), ...(occurred !== undefined && { occurred }) };
}

const audited = <T>(order: string, work: (audit: Audit, orderId: string) => Promise<T>): Promise<T> =>
  withHouse(async (house) => work(auditOf(house, pastOf(house.log)), await orderIdIn(house, order)));

async function orderIdIn(house: House, order: string): Promise<string> {
  const found = await house.orders.statusJson(order);
  if (found) return found.orderId;
  throw new UsageError(`There is no order ${order}.`);
}
