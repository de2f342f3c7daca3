/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { VNode } from 'preact';
import { type Facet, facetsOf } from '../../audit/difference/facets.ts';
import type { PastOrder } from '../../audit/past/orders.ts';
import { nothing } from '../analytics/words.ts';
import { explainPath } from './links.ts';

/** Fields of lines that have a column; the others stand below the line's number. */
const columns = ['status', 'quantity', 'requested date', 'promise', 'shipped', 'delivered'] as const;

/** Where in the document of an order a field of a line is, as far as it can be explained. */
const placeOf: Readonly<Record<string, string>> = {
  status: 'status',
  quantity: 'quantities/ordered',
  'requested date': 'requestedDate',
  promise: 'scheduleLines',
  shipped: 'quantities/shipped',
  delivered: 'quantities/delivered',
};

/** The order as it stood, thing by thing. */
export const OrderState = ({ orderId, order }: { readonly orderId: string; readonly order: PastOrder }): VNode => {
  const facets = facetsOf(order.state);
  const lines = facets.filter(({ subject }) => subject === 'line');
  const rest = facets.filter(({ subject }) => subject !== 'line' && subject !== 'order');
  return (
    <>
      {facets
        .filter(({ subject }) => subject === 'order')
        .map((facet) => (
          <dl key={facet.name} class="facts">
            {Object.entries(facet.fields).map(([field, value]) => (
              <div key={field}>
                <dt>{field}</dt>
                <dd>{field === 'status' ? <a href={explainPath(orderId, 'status')}>{value}</a> : value}</dd>
              </div>
            ))}
          </dl>
        ))}
      {lines.length > 0 && <LineTable orderId={orderId} lines={lines} />}
      {rest.length > 0 && (
        <ul class="things">
          {rest.map((facet) => (
            <li key={facet.name}>
              {facet.appears}
              {Object.entries(facet.fields).map(([field, value]) => `; ${field}: ${value}`)}
            </li>
          ))}
        </ul>
      )}
      {order.presupposed.length > 0 && (
        <p class="note">
          {`${order.presupposed.length} of its events are dated later; what had happened by then could not have happened without them.`}
        </p>
      )}
    </>
  );
};

const LineTable = ({ orderId, lines }: { readonly orderId: string; readonly lines: readonly Facet[] }): VNode => (
  <div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">Line</th>
          {columns.map((column) => (
            <th key={column} scope="col">
              {`${column[0]?.toUpperCase()}${column.slice(1)}`}
            </th>
          ))}
          <th scope="col">More</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ id, fields }, at) => (
          <tr key={id}>
            <th scope="row">{id}</th>
            {columns.map((column) => (
              <td key={column} class={column === 'promise' ? 'wrap' : undefined}>
                <Explained
                  href={explainPath(orderId, `lines/${at}/${placeOf[column]}`)}
                  text={textOf(fields, column)}
                />
              </td>
            ))}
            <td class="wrap">{others(fields)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const Explained = ({ href, text }: { readonly href: string; readonly text: string }): VNode =>
  text === '' ? <span>{nothing}</span> : <a href={href}>{text}</a>;

/** Several promises are told in the column of the one. */
const textOf = (fields: Facet['fields'], column: string): string =>
  Object.entries(fields)
    .filter(([field]) => field === column || field.startsWith(`${column} `))
    .map(([, value]) => value)
    .join('; ');

const others = (fields: Facet['fields']): string =>
  Object.entries(fields)
    .filter(([field]) => !columns.some((column) => field === column || field.startsWith(`${column} `)))
    .map(([field, value]) => `${field}: ${value}`)
    .join('; ') || nothing;
