/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { VNode } from 'preact';
import type { Recorded } from '../../events/envelope.ts';
import { type Assets, Page } from './page.tsx';
import { instantText, positionText } from './words.ts';

export interface OrderView {
  readonly orderId: string;
  readonly events: readonly Recorded[];
  /** Whether there are more than are shown. */
  readonly cut: boolean;
}

/** The number of the order stands in one of its first events. */
function numberOf(events: readonly Recorded[]): string | undefined {
  for (const { data } of events)
    if (typeof data === 'object' && data !== null && 'orderNo' in data && typeof data.orderNo === 'string')
      return `Events of ${data.orderNo}`;
  return undefined;
}

const words = (type: string): string => type.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** What happened to an order, in order. What was said in the events stays behind: it may be about persons. */
export const OrderPage = ({ orderId, events, cut, assets }: OrderView & { readonly assets: Assets }): VNode => (
  <Page title="Events of an order" assets={assets} visitor={true}>
    <nav class="back" aria-label="Back">
      <a href="/analytics">Delivery performance</a>
    </nav>
    <div class="head">
      <h1>{numberOf(events) ?? 'Events of an order'}</h1>
      <p class="standing">{orderId}</p>
    </div>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">
              Version
            </th>
            <th scope="col">What happened</th>
            <th scope="col">When</th>
            <th scope="col">Recorded</th>
            <th scope="col">By</th>
            <th scope="col">Reason</th>
            <th scope="col">Position</th>
          </tr>
        </thead>
        <tbody>
          {events.map(({ eventId, revision, type, metadata, position }) => (
            <tr key={eventId}>
              <td class="number">{revision}</td>
              <th scope="row">{words(type)}</th>
              <td>
                <time datetime={metadata.occurredAt}>{instantText(metadata.occurredAt)}</time>
              </td>
              <td>
                <time datetime={metadata.recordedAt}>{instantText(metadata.recordedAt)}</time>
              </td>
              <td>
                {metadata.actor.kind}, {metadata.actor.via}
              </td>
              <td>{metadata.reason?.code ?? '–'}</td>
              <td>
                <a href={`/analytics?asOf=${encodeURIComponent(position)}`}>{positionText(position)}</a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    <p class="hint">
      {cut && `Only the first ${events.length} events are shown. `}A position leads to the numbers as they were then.
      With a key, the events as they were recorded: <code>{`/v1/orders/${encodeURIComponent(orderId)}/events`}</code>
    </p>
  </Page>
);
