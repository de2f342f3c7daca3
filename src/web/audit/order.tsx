/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { VNode } from 'preact';
import { relations } from '../../audit/history/gather.ts';
import { instantText, typeText } from '../../audit/words.ts';
import { Field } from '../analytics/field.tsx';
import type { Assets } from '../analytics/page.tsx';
import { EventList } from './event-list.tsx';
import { AuditPage } from './layout.tsx';
import { type OrderLink, orderHistoryPath } from './links.ts';
import { OrderState } from './order-state.tsx';
import type { OrderView } from './order-view.ts';

export interface OrderPageProps {
  readonly view: OrderView;
  readonly links: readonly OrderLink[];
  readonly assets: Assets;
}

/** The history of an order: a slider through its time, how it stood, what changed, and everything that happened. */
export const OrderHistoryPage = ({ view, links, assets }: OrderPageProps): VNode => {
  const { orderId, order, history, stops, at } = view;
  const number = order?.state.orderNo ?? orderId;
  return (
    <AuditPage title={`Order ${number}`} about={orderId} section="/audit" assets={assets}>
      <nav class="contents" aria-label="Order">
        {[{ title: 'Explain', href: `${orderHistoryPath(orderId)}/explain` }, ...links].map(({ title, href }) => (
          <a key={href} href={href}>
            {title}
          </a>
        ))}
      </nav>
      <TimeForm view={view} />
      <div id="moment" aria-live="polite">
        <section class="subject" aria-labelledby="state">
          <h2 id="state">As it stood</h2>
          <p class="question">{momentWords(view)}</p>
          {order ? <OrderState orderId={orderId} order={order} /> : <p class="empty">It was not there yet.</p>}
        </section>
        <Differences view={view} />
      </div>
      <section class="subject" aria-labelledby="history">
        <h2 id="history">History</h2>
        <FilterForm view={view} />
        <p class="note">{countWords(view)}</p>
        <div id="history-events">
          <EventList events={history.entries} beyond={beyond(view)} own={stops[at]?.stream ?? ''} />
        </div>
      </section>
    </AuditPage>
  );
};

function momentWords({ by, stops, at, known }: OrderView): string {
  const stop = stops[at];
  if (!stop) return '';
  const { recordedAt, occurredAt } = stop.metadata;
  const knew = known === undefined ? '' : `, as far as it was recorded by ${instantText(known)}`;
  return by === 'recorded'
    ? `What the system knew after event ${at + 1} of ${stops.length}, recorded ${instantText(recordedAt)}${knew}.`
    : `What had happened by ${instantText(occurredAt)}${knew}.`;
}

const Differences = ({ view: { changes, stops, since, by } }: { readonly view: OrderView }): VNode => {
  const stop = stops[since];
  const then = stop && instantText(by === 'recorded' ? stop.metadata.recordedAt : stop.metadata.occurredAt);
  return (
    <section class="subject" aria-labelledby="difference">
      <h2 id="difference">What is different</h2>
      <p class="question">{`Compared with moment ${since + 1}, ${then ?? ''}.`}</p>
      {changes.length === 0 ? (
        <p class="empty">Nothing.</p>
      ) : (
        <ul class="things">
          {changes.map(({ subject, id, sentence }) => (
            <li key={`${subject} ${id}`}>{sentence}</li>
          ))}
        </ul>
      )}
    </section>
  );
};

/** A plain GET form; the script only spares the button. */
const TimeForm = ({ view }: { readonly view: OrderView }): VNode => {
  const { orderId, by, stops, at, since, known } = view;
  const last = stops.length - 1;
  return (
    <form class="panel time" method="get" action={orderHistoryPath(orderId)} aria-label="Moment" data-slider>
      <div class="slider">
        <label for="at">{`Moment, 1 to ${stops.length}`}</label>
        <input id="at" name="at" type="range" min={0} max={last} step={1} value={at} />
      </div>
      <div class="slider">
        <label for="since">Compared with</label>
        <input id="since" name="since" type="range" min={0} max={last} step={1} value={since} />
      </div>
      <div class="filters">
        <Field id="by" label="Time">
          <select id="by" name="by">
            <option value="recorded" selected={by === 'recorded'}>
              as it was recorded
            </option>
            <option value="occurred" selected={by === 'occurred'}>
              as it happened
            </option>
          </select>
        </Field>
        <Field id="known" label="And recorded by, UTC">
          <input id="known" name="known" type="datetime-local" step={1} value={known?.slice(0, 19) ?? ''} />
        </Field>
        <div class="actions">
          <button type="submit">Show</button>
          <a href={orderHistoryPath(orderId)}>Reset</a>
        </div>
      </div>
    </form>
  );
};

const relatedWords = { whole: 'with everything tied to it', tied: 'with tied events only', none: 'this order alone' };

const FilterForm = ({ view }: { readonly view: OrderView }): VNode => {
  const { orderId, by, filter, related, stops, history } = view;
  const types = [...new Set([...stops, ...history.entries].map(({ type }) => type))].sort();
  return (
    <form class="filters" method="get" action={orderHistoryPath(orderId)} aria-label="Filter of the history">
      <input type="hidden" name="by" value={by} />
      <Field id="type" label="Event">
        <select id="type" name="type">
          <option value="">any</option>
          {types.map((type) => (
            <option key={type} value={type} selected={type === filter.type}>
              {typeText(type)}
            </option>
          ))}
        </select>
      </Field>
      <Field id="actor" label="By whom">
        <input id="actor" name="actor" value={filter.actor ?? ''} maxlength={120} placeholder="id or kind" />
      </Field>
      <Field id="text" label="Words">
        <input id="text" name="text" value={filter.text ?? ''} maxlength={200} />
      </Field>
      <Field id="related" label="Streams">
        <select id="related" name="related">
          {relations.map((one) => (
            <option key={one} value={one} selected={one === related}>
              {relatedWords[one]}
            </option>
          ))}
        </select>
      </Field>
      <div class="actions">
        <button type="submit">Filter</button>
      </div>
    </form>
  );
};

function countWords({ history }: OrderView): string {
  const { total, entries, streams, cut, partly } = history;
  const shown = entries.length < total ? `, of which the first ${entries.length} are shown` : '';
  const some = partly.length > 0 ? ` Of ${partly.join(', ')} only what is tied is shown.` : '';
  return `${total} events of ${streams.length} ${streams.length === 1 ? 'stream' : 'streams'}${shown}.${some}${cut ? ' More streams are tied to it than are looked at.' : ''}`;
}

/** Events of the order that the shown moment does not have. */
function beyond({ order, stops }: OrderView): Set<string> {
  const there = new Set(order?.events.map(({ eventId }) => eventId));
  return new Set(stops.map(({ eventId }) => eventId).filter((eventId) => !there.has(eventId)));
}
