/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { VNode } from 'preact';
import { instantText } from '../../audit/words.ts';
import type { Recorded } from '../../events/envelope.ts';
import { positionText } from '../analytics/words.ts';
import { streamPath } from './links.ts';

/** An event with its sentence, as every list of the auditor's pages shows it. */
export interface ListedEvent extends Recorded {
  readonly sentence: string;
  readonly causedBy?: string;
}

export interface EventListProps {
  readonly events: readonly ListedEvent[];
  /** Ids of events that the shown moment does not have. */
  readonly beyond?: ReadonlySet<string>;
  /** The stream whose events are not named by their stream. */
  readonly own?: string;
}

/** What happened, with who recorded it and with the raw data behind it. */
export const EventList = ({ events, beyond, own }: EventListProps): VNode => (
  <ol class="events">
    {events.map((event) => (
      <li key={event.eventId} id={event.eventId} class={beyond?.has(event.eventId) ? 'beyond' : undefined}>
        <p class="when">
          <time datetime={event.metadata.occurredAt}>{instantText(event.metadata.occurredAt)}</time>
          <span class="recorded">
            recorded <time datetime={event.metadata.recordedAt}>{instantText(event.metadata.recordedAt)}</time>
          </span>
          {beyond?.has(event.eventId) && <span class="mark">not in the moment shown</span>}
        </p>
        <p class="sentence">{event.sentence}</p>
        <Behind event={event} named={event.stream !== own} />
      </li>
    ))}
  </ol>
);

const Behind = ({ event, named }: { readonly event: ListedEvent; readonly named: boolean }): VNode => {
  const { stream, revision, position, type, causedBy, metadata, data } = event;
  return (
    <>
      <p class="note">
        {type}
        {named && (
          <>
            {' of '}
            <a href={streamPath(stream)}>{stream}</a>
          </>
        )}
        {`, version ${revision}, position ${positionText(position)}`}
        {causedBy !== undefined && (
          <>
            {', caused by '}
            <a href={`#${causedBy}`}>an earlier event</a>
          </>
        )}
      </p>
      <details>
        <summary>Raw data</summary>
        <pre>{JSON.stringify({ data, metadata }, null, 2)}</pre>
      </details>
    </>
  );
};
