import type { Observable } from 'rxjs';
import { batched } from '../../database/batching.ts';
import type { Database, Statement } from '../../database/database.ts';
import type { Position, Revision } from '../../events/envelope.ts';
import { formatOrderNumber, isUuid, parseOrderNumber } from '../../values/ids.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { rememberOrders } from './remembered.ts';
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
  /**
   * By order id or order number. All lookups of one turn of the event loop are answered together; orders asked for by id
   * from memory, once that is compared with the checkpoint.
   */
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
const wanted = 'unnest((select $1::text[])) as w(asked)';
const byIdSql = `select ${columns} from ${wanted} join order_status s on s.order_id = w.asked`;
const byNumberSql = `select w.asked, ${columns} from ${wanted} join order_status s on s.order_no = w.asked`;

/** `checkpoints`: as this process hears of them. Lookups are told from memory as long as it is certain. */
export function createOrderReader(database: Database, checkpoints?: Observable<Checkpoint>): OrderReader {
  const { reader } = database;
  const remembered = rememberOrders({
    database,
    load: (orderIds) => reader.query<OrderStatus>({ name: 'status-by-id', text: byIdSql, values: [orderIds] }),
    checkpoints,
  });
  const byId = batched<string, OrderStatus | undefined>(
    async (asked) => {
      const found = await remembered.current([...new Set(asked)]);
      return asked.map((orderId) => found.get(orderId));
    },
    { inFlight: 2 },
  );
  const byNumber = batched<string, OrderStatus | undefined>(
    async (asked) => {
      const statement = { name: 'status-by-number', text: byNumberSql, values: [[...new Set(asked)]] };
      const rows = await reader.query<OrderStatus & { asked: string }>(statement);
      const found = new Map(rows.map(({ asked: key, ...status }) => [key, status]));
      return asked.map((key) => found.get(key));
    },
    { inFlight: 2 },
  );

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
