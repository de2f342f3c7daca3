/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { VNode } from 'preact';
import { sentenceOf } from '../../../audit/history/sentence.ts';
import { instantText, listText, typeText } from '../../../audit/words.ts';
import { counted } from '../../../projections/certificates/words.ts';
import type { Blocked, BlockedDetail } from '../../../projections/quarantine/desk.ts';
import { Field } from '../../analytics/field.tsx';
import type { Assets } from '../../analytics/page.tsx';
import { EventList } from '../event-list.tsx';
import { AuditPage } from '../layout.tsx';
import { orderHistoryPath, parkedPath, streamPath } from '../links.ts';
import { Notice } from './notice.tsx';

/** Streams that a read model could not take in. */
export const QuarantinePage = ({
  parked,
  said,
  assets,
}: {
  readonly parked: readonly Blocked[];
  readonly said: string | undefined;
  readonly assets: Assets;
}): VNode => (
  <AuditPage
    title="Quarantine"
    about="Events that a read model could not take in wait here with all that came after them in their stream. Everything else goes on."
    section="/audit/quarantine"
    assets={assets}
  >
    <Notice said={said} />
    {parked.length === 0 ? <p class="empty">Nothing waits.</p> : <List parked={parked} />}
  </AuditPage>
);

const List = ({ parked }: { readonly parked: readonly Blocked[] }): VNode => (
  <div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">Stream</th>
          <th scope="col">Read model</th>
          <th scope="col">Since</th>
          <th scope="col" class="number">
            Events waiting
          </th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        {parked.map((one) => (
          <tr key={`${one.projection} ${one.stream}`}>
            <th scope="row">
              <a href={parkedPath(one.projection, one.stream)}>{nameOf(one)}</a>
            </th>
            <td>{one.projection}</td>
            <td>{instantText(one.parkedAt)}</td>
            <td class="number">{one.events}</td>
            <td>{one.cause}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const nameOf = ({ orderNo, stream }: Blocked): string => (orderNo === undefined ? stream : `order ${orderNo}`);

/** One parked stream: the event in the way, what waits because of it, and what can be done. */
export const ParkedPage = ({
  parked,
  operator,
  said,
  assets,
}: {
  readonly parked: BlockedDetail;
  readonly operator: boolean;
  readonly said: string | undefined;
  readonly assets: Assets;
}): VNode => (
  <AuditPage
    title={`${nameOf(parked)} in ${parked.projection}`}
    about={`Cannot be taken in since ${instantText(parked.parkedAt)}: ${parked.cause} (${parked.code})`}
    section="/audit/quarantine"
    assets={assets}
  >
    <Notice said={said} />
    <ul class="things">
      <li>{`${counted(parked.events, 'event')} of the stream wait, from revision ${parked.firstRevision} on.`}</li>
      <li>{staleText(parked)}</li>
      {parked.triedAt !== null && <li>{`Last tried again on ${instantText(parked.triedAt)}, in vain.`}</li>}
      <li>
        {parked.orderNo === undefined ? (
          <a href={streamPath(parked.stream)}>The events of the stream</a>
        ) : (
          <a href={orderHistoryPath(parked.stream.slice('order-'.length))}>{`History of order ${parked.orderNo}`}</a>
        )}
      </li>
    </ul>
    <h2>The event in the way</h2>
    {parked.event ? (
      <EventList events={[{ ...parked.event, sentence: sentenceOf(parked.event) }]} />
    ) : (
      <p class="empty">The log does not have it.</p>
    )}
    {operator && <Remedies parked={parked} />}
  </AuditPage>
);

const staleText = ({ tables, firstRevision }: Blocked): string => {
  const as = firstRevision === 0 ? 'do not have it' : `are as of revision ${firstRevision - 1} of the stream`;
  return `Its rows in ${listText(tables)} ${as}.`;
};

const Remedies = ({
  parked: { projection, stream, firstRevision, event },
}: {
  readonly parked: BlockedDetail;
}): VNode => (
  <>
    <h2>What can be done</h2>
    <form class="panel" method="post" action={`${parkedPath(projection, stream)}/retry`}>
      <p>After the cause was fixed, what waits is taken in again, in order.</p>
      <div class="actions">
        <button type="submit">Try again</button>
      </div>
    </form>
    <form class="panel" method="post" action={`${parkedPath(projection, stream)}/skip`}>
      <p>
        {`Or the read model leaves ${event ? `“${typeText(event.type)}”` : 'the event'} out for ever, also when it is made anew. The event itself stays, and who decided so is recorded.`}
      </p>
      <input type="hidden" name="revision" value={firstRevision} />
      <Field id="reason" label="Why it may be left out">
        <input id="reason" name="reason" required maxlength={500} />
      </Field>
      <div class="actions">
        <button type="submit">Leave it out</button>
      </div>
    </form>
  </>
);
