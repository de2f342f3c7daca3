import { Argument, Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { parseLocalDate } from '../values/dates.ts';
import { UsageError } from './exit.ts';
import { withHouse } from './house.ts';
import { type Output, table } from './output.ts';

/** `orderfold orders`: look orders up without HTTP. */
export function ordersCommand(output: Output) {
  const orders = new Command('orders').description('Look orders up');
  orders.addCommand(showCommand(output)).addCommand(searchCommand(output)).addCommand(eventsCommand(output));
  return orders;
}

function showCommand(output: Output) {
  return new Command('show')
    .description('One order as its status read model has it')
    .addArgument(new Argument('<order>', 'order id or order number'))
    .option('--json', 'on one line')
    .action(async (idOrNumber, { json }) => {
      const order = await withHouse((house) => house.orders.statusJson(idOrNumber));
      if (!order) throw new UsageError(`There is no order ${idOrNumber}.`);
      output.data(json ? order.json : JSON.stringify(JSON.parse(order.json), null, 2));
    });
}

function searchCommand(output: Output) {
  return new Command('search')
    .description('Orders by customer, purchase order, item, status or date; newest first')
    .option('--customer <id>', 'customer id')
    .option('--po <text>', "the customer's purchase order number")
    .option('--sku <text>', 'item on one of the lines')
    .option('--status <word>', 'display status, e.g. promised')
    .option('--from <date>', 'ordered on or after (YYYY-MM-DD)', parseLocalDate)
    .option('--to <date>', 'ordered on or before (YYYY-MM-DD)', parseLocalDate)
    .option('--limit <n>', 'how many, at most 200', limit, 20)
    .option('--cursor <text>', 'next page, as the page before told')
    .option('--json', 'answer as JSON')
    .action(async (options) => {
      const page = await withHouse((house) =>
        house.orders.search({
          ...(options.customer !== undefined && { customerId: options.customer }),
          ...(options.po !== undefined && { customerPo: options.po }),
          ...(options.sku !== undefined && { sku: options.sku }),
          ...(options.status !== undefined && { status: options.status }),
          ...(options.from !== undefined && { orderedFrom: options.from }),
          ...(options.to !== undefined && { orderedTo: options.to }),
          ...(options.cursor !== undefined && { cursor: options.cursor }),
          limit: options.limit,
        }),
      );
      if (options.json) output.data(JSON.stringify(page));
      else showPage(output, page);
    });
}

function limit(text: string): number {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > 200) throw new InvalidArgumentError('a whole number from 1 to 200 is expected');
  return number;
}

function showPage(output: Output, page: { readonly items: readonly unknown[]; readonly next?: string }): void {
  const columns = ['orderNo', 'customerId', 'customerPo', 'status', 'orderedOn', 'orderId'];
  const rows = page.items.map((item) => columns.map((column) => cell((item as Record<string, unknown>)[column])));
  output.data(table(columns, rows));
  if (page.next) output.words(`More: --cursor ${page.next}`);
}

const cell = (value: unknown): string | number | null =>
  value === null || value === undefined ? null : typeof value === 'number' ? value : String(value);

function eventsCommand(output: Output) {
  return new Command('events')
    .description('The events of one order, as recorded')
    .addArgument(new Argument('<order>', 'order id or order number'))
    .option('--json', 'one JSON document a line')
    .action(async (idOrNumber, { json }) => {
      await withHouse(async (house) => {
        const order = await house.orders.statusJson(idOrNumber);
        if (!order) throw new UsageError(`There is no order ${idOrNumber}.`);
        for await (const event of house.log.readStream(`order-${order.orderId}`)) {
          const { occurredAt, actor } = event.metadata;
          output.data(
            json
              ? JSON.stringify(event)
              : `${event.revision}  ${occurredAt}  ${event.type}  ${actor.kind} ${actor.id}  ${JSON.stringify(event.data)}`,
          );
        }
      });
    });
}
