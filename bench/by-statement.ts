import type { Database, Queryable } from '../src/database/database.ts';
import type { Recorded } from '../src/events/envelope.ts';
import type { EventLog } from '../src/events/log/port.ts';

/** The rival: order status as one writes it by hand, a statement for each event, in the same database from the same log. */

const schema = `
drop table if exists hand_orders, hand_lines, hand_checkpoint;
create table hand_orders (
  order_id text collate "C" primary key, order_no text collate "C", customer_id text collate "C",
  customer_po text collate "C", status text collate "C", ordered_on date, promised_on date, revision integer,
  position text collate "C"
);
create index on hand_orders (order_no);
create index on hand_orders (position);
create index on hand_orders (customer_po);
create index on hand_orders (ordered_on, order_id);
create index on hand_orders (customer_id, ordered_on, order_id);
create index on hand_orders (status, ordered_on, order_id);
create table hand_lines (
  order_id text collate "C", line_no integer, sku text collate "C", ordered numeric, promised_on date,
  shipped numeric not null default 0, delivered numeric not null default 0, primary key (order_id, line_no)
);
create index on hand_lines (sku, order_id);
create table hand_checkpoint (position text);
insert into hand_checkpoint values ('start');`;

const checkpointSql = 'update hand_checkpoint set position = $1';
const set = (what: string) => `update hand_orders set revision = $2, position = $3, ${what} where order_id = $1`;

/** How far the goods have come, when these quantities have just been added to a column of the lines. */
const stage = (column: string, all: string, some: string) => `
  with moved as (select * from json_to_recordset($4::json -> 'lines') as m("lineNo" integer, qty jsonb)),
  changed as (
    update hand_lines l set ${column} = ${column} + (m.qty ->> 'value')::numeric
    from moved m where l.order_id = $1 and l.line_no = m."lineNo"
  )
  ${set(`status = case when (select sum(ordered - ${column}) from hand_lines where order_id = $1)
    <= (select sum((qty ->> 'value')::numeric) from moved) then '${all}' else '${some}' end`)}`;

interface HandWritten {
  /** $1 order id, $2 revision, $3 position, $4 what `fourth` gives, if anything. */
  readonly text: string;
  readonly fourth?: (event: Recorded) => string;
}

const data = (event: Recorded): string => JSON.stringify(event.data);

const statements: Readonly<Record<string, HandWritten>> = {
  OrderStarted: {
    text: `insert into hand_orders (order_id, revision, position, order_no, customer_id, customer_po, status)
      values ($1, $2, $3, $4::json ->> 'orderNo', $4::json ->> 'customerId', $4::json ->> 'customerPo', 'draft')
      on conflict (order_id) do update set revision = excluded.revision, position = excluded.position`,
    fourth: data,
  },
  OrderLinesAdded: {
    text: `with lines as (
      insert into hand_lines (order_id, line_no, sku, ordered)
      select $1, "lineNo", sku, (qty ->> 'value')::numeric
      from json_to_recordset($4::json -> 'lines') as l("lineNo" integer, sku text, qty jsonb)
      on conflict (order_id, line_no) do update set ordered = excluded.ordered
    ) ${set('status = status')}`,
    fourth: data,
  },
  OrderSubmitted: {
    text: set(`status = 'submitted', ordered_on = $4::date`),
    fourth: ({ metadata }) => metadata.occurredAt.slice(0, 10),
  },
  OrderAccepted: { text: set(`status = 'accepted'`) },
  PromiseCommitted: {
    text: `with promised as (
      select l."lineNo", max((s -> 'promise' ->> 'deliverOn')::date) as deliver_on
      from json_to_recordset($4::json -> 'lines') as l("lineNo" integer, "scheduleLines" json),
        json_array_elements(l."scheduleLines") s
      group by l."lineNo"
    ), lines as (
      update hand_lines l set promised_on = p.deliver_on from promised p where l.order_id = $1 and l.line_no = p."lineNo"
    ) ${set('promised_on = (select max(deliver_on) from promised)')}`,
    fourth: data,
  },
  LinesShipped: { text: stage('shipped', 'shipped', 'partially-shipped'), fourth: data },
  LinesDelivered: { text: stage('delivered', 'delivered', 'partially-delivered'), fourth: data },
  OrderClosed: { text: set(`status = 'closed'`) },
};

async function apply(tx: Queryable, event: Recorded): Promise<void> {
  const statement = statements[event.type];
  if (!statement) return;
  const { stream, revision, position, type } = event;
  const { text, fourth } = statement;
  const values = [stream.slice('order-'.length), revision, position, ...(fourth ? [fourth(event)] : [])];
  await tx.query({ name: `hand-${type}`, text, values });
}

/** Projects from the start of the log, `batch` events in a transaction, until the time is over or the log ends. Events per second. */
export async function projectByStatement(
  { database, log }: { readonly database: Database; readonly log: EventLog },
  { milliseconds, batch }: { readonly milliseconds: number; readonly batch: number },
): Promise<number> {
  await database.execute(schema);
  const stop = new AbortController();
  const start = performance.now();
  let events: Recorded[] = [];
  let done = 0;
  const write = async (): Promise<void> => {
    const position = events.at(-1)?.position;
    await database.transaction(async (tx) => {
      for (const event of events) await apply(tx, event);
      await tx.query({ name: 'hand-checkpoint', text: checkpointSql, values: [position] });
    });
    done += events.length;
    events = [];
  };
  for await (const message of log.subscribe({ after: 'start', signal: stop.signal })) {
    if (message.kind === 'event') events.push(message.event);
    if (events.length === batch || (message.kind === 'caught-up' && events.length > 0)) await write();
    if (message.kind === 'caught-up' || performance.now() - start > milliseconds) break;
  }
  stop.abort();
  return done / ((performance.now() - start) / 1000);
}
