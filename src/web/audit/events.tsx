/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { VNode } from 'preact';
import type { LogPage } from '../../audit/history/explorer.ts';
import { typeText } from '../../audit/words.ts';
import { catalog } from '../../events/catalog/index.ts';
import { Field } from '../analytics/field.tsx';
import type { Assets } from '../analytics/page.tsx';
import { EventList } from './event-list.tsx';
import { AuditPage } from './layout.tsx';
import { eventsPath } from './links.ts';

export const eventFilters = ['type', 'actor', 'stream', 'id', 'text', 'from', 'to'] as const;
export type EventFilters = Partial<Record<(typeof eventFilters)[number], string>>;

const texts = [
  { name: 'actor', label: 'By whom', hint: 'id or kind' },
  { name: 'stream', label: 'Stream', hint: 'order-…' },
  { name: 'id', label: 'Event, command, correlation', hint: '' },
  { name: 'text', label: 'Words', hint: '' },
] as const;

const times = [
  { name: 'from', label: 'Recorded from, UTC' },
  { name: 'to', label: 'Recorded to, UTC' },
] as const;

/** The whole log, page by page. */
export const EventsPage = ({
  filters,
  page,
  next,
  assets,
}: {
  readonly filters: EventFilters;
  readonly page: LogPage;
  /** The address of the next page. */
  readonly next?: string;
  readonly assets: Assets;
}): VNode => (
  <AuditPage
    title="Event log"
    about="Everything that was recorded, in the order of the log."
    section="/audit/events"
    assets={assets}
  >
    <form class="filters panel" method="get" action={eventsPath} aria-label="Filter of the log">
      <Field id="type" label="Event">
        <select id="type" name="type">
          <option value="">any</option>
          {[...catalog.keys()].sort().map((type) => (
            <option key={type} value={type} selected={type === filters.type}>
              {typeText(type)}
            </option>
          ))}
        </select>
      </Field>
      {texts.map(({ name, label, hint }) => (
        <Field key={name} id={name} label={label}>
          <input id={name} name={name} value={filters[name] ?? ''} maxlength={200} placeholder={hint} />
        </Field>
      ))}
      {times.map(({ name, label }) => (
        <Field key={name} id={name} label={label}>
          <input id={name} name={name} type="datetime-local" step={1} value={filters[name]?.slice(0, 19) ?? ''} />
        </Field>
      ))}
      <div class="actions">
        <button type="submit">Show</button>
        <a href={eventsPath}>Reset</a>
      </div>
    </form>
    <p class="note">{`${page.events.length} of ${page.looked} events that were looked at.`}</p>
    {page.events.length === 0 ? <p class="empty">No event is like that.</p> : <EventList events={page.events} />}
    {next !== undefined && (
      <p>
        <a href={next}>Go on from here</a>
      </p>
    )}
  </AuditPage>
);
