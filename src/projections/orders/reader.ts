import { batched } from '../../database/batching.ts';
import type { Database, Statement } from '../../database/database.ts';
import type { Position, Revision } from '../../events/envelope.ts';
import { formatOrderNumber, isUuid, parseOrderNumber } from '../../values/ids.ts';
import { type OrderPage, type OrderQuery, searchOrders } from './search.ts';

/** One order as the read model has it. */
export interface OrderStatus {
  /** An `OrderDocument` as JSON text, to be passed on unparsed. */
  readonly json: string;
  readonly orderId: string;
  readonly customerId: string;
  readonly revision: Revision;
  /** Of the last event in it. */
  readonly position: Position;
}

export interface OrderReader {
  /** By order id or order number. All lookups of one turn of the event loop share one statement. */
  statusJson(idOrNumber: string): Promise<OrderStatus | undefined>;
  /** Newest first, page by page. Throws InvalidValue `malformed-cursor`. */
  search(query: OrderQuery): Promise<OrderPage>;
  /** Orders whose last event lies after the position, in order of it. */
  changedSince(
    position: Position | 'start',
    filter: { readonly customerId?: string; readonly orderId?: string; readonly limit: number },
  ): Promise<readonly OrderStatus[]>;
  /** The order number with the highest number in it, of those that this product gave out. */
  highestOrderNumber(): Promise<string | undefined>;
}

const columns = `s.doc as json, s.order_id as "orderId", s.customer_id as "customerId", s.revision, s.position`;

// The inner select hides the length of the array from the planner, which else plans every batch anew: twice the time.
const byColumn = (column: 'order_id' | 'order_no') => ({
  name: `status-by-${column}`,
  text: `select w.asked, ${columns}
    from unnest((select $1::text[])) as w(asked) join order_status s on s.${column} = w.asked`,
});

export function createOrderReader(database: Database): OrderReader {
  const lookup = (statement: Pick<Statement, 'name' | 'text'>) =>
    batched<string, OrderStatus | undefined>(
      async (asked) => {
        const values = [[...new Set(asked)]];
        const rows = await database.reader.query<OrderStatus & { asked: string }>({ ...statement, values });
        const found = new Map(rows.map(({ asked: key, ...status }) => [key, status]));
        return asked.map((key) => found.get(key));
      },
      { inFlight: 2 },
    );
  const byId = lookup(byColumn('order_id'));
  const byNumber = lookup(byColumn('order_no'));

  return {
    statusJson(idOrNumber) {
      const id = idOrNumber.toLowerCase();
      return isUuid(id) ? byId(id) : byNumber(asWritten(idOrNumber));
    },
    search: (query) => searchOrders(database, query),
    changedSince: (position, filter) => database.query<OrderStatus>(changes(position, filter)),
    async highestOrderNumber() {
      const [row] = await database.query<{ order_no: string }>({
        text: `select order_no from order_status where order_no ~ '^SO-[1-9][0-9]{0,14}-[0-9]$'
               order by split_part(order_no, '-', 2)::bigint desc limit 1`,
      });
      return row?.order_no;
    },
  };
}

/** People write our order numbers without hyphens and in lower case; numbers of other systems are taken as they are. */
function asWritten(number: string): string {
  if (!/^so/i.test(number)) return number;
  try {
    return formatOrderNumber(parseOrderNumber(number));
  } catch {
    return number;
  }
}

function changes(
  position: Position | 'start',
  { customerId, orderId, limit }: { readonly customerId?: string; readonly orderId?: string; readonly limit: number },
): Statement {
  const values: unknown[] = [position === 'start' ? '' : position, limit];
  const wanted = ['s.position > $1'];
  if (customerId !== undefined) wanted.push(`s.customer_id = $${values.push(customerId)}`);
  if (orderId !== undefined) wanted.push(`s.order_id = $${values.push(orderId)}`);
  return {
    text: `select ${columns} from order_status s where ${wanted.join(' and ')} order by s.position limit $2`,
    values,
  };
}
