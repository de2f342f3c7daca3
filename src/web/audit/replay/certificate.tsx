/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { VNode } from 'preact';
import { instantText, typeText } from '../../../audit/words.ts';
import type { Certificate, TableVerdict } from '../../../projections/certificates/certificate.ts';
import type { RowDifference } from '../../../projections/certificates/differences.ts';
import { causeText, counted, fieldText, verdictText } from '../../../projections/certificates/words.ts';
import type { Assets } from '../../analytics/page.tsx';
import { nothing } from '../../analytics/words.ts';
import { AuditPage } from '../layout.tsx';
import { orderHistoryPath, streamPath } from '../links.ts';

/** One certificate: what was covered, table by table, and every row that differs. */
export const CertificatePage = ({
  certificate,
  intact,
  assets,
}: {
  readonly certificate: Certificate;
  readonly intact: boolean;
  readonly assets: Assets;
}): VNode => (
  <AuditPage
    title={`Certificate of ${certificate.projection}`}
    about={verdictText(certificate)}
    section="/audit/certificates"
    assets={assets}
  >
    {!intact && (
      <p class="panel" role="alert">
        This certificate is not as it was published: its digest does not fit.
      </p>
    )}
    <Covered certificate={certificate} />
    <p>
      <a href={`/v1/audit/certificates/${certificate.id}`} download>
        Download as JSON
      </a>
    </p>
    <h2>Tables</h2>
    <Tables tables={certificate.tables} />
    <h2>Rows that differ</h2>
    {certificate.differing === 0 ? <p class="empty">None.</p> : <Differences certificate={certificate} />}
    {certificate.skipped.length > 0 && <Skipped skipped={certificate.skipped} />}
  </AuditPage>
);

const Covered = ({ certificate }: { readonly certificate: Certificate }): VNode => {
  const { covered, shown, version, generation, source, startedAt, finishedAt, sha256, schema, code } = certificate;
  const facts = [
    ['Events', `${covered.events.toLocaleString('en-US')}, from the ${source}`],
    ['First position', covered.first ?? nothing],
    ['Last position', covered.last],
    ['Rebuilt', `version ${version}, generation ${generation}`],
    ['Compared with', `version ${shown.version}, generation ${shown.generation}`],
    ['Began', instantText(startedAt)],
    ['Finished', instantText(finishedAt)],
    ['Schema, SHA-256', schema],
    ['Program, SHA-256', code],
    ['This certificate, SHA-256', sha256],
  ] as const;
  return (
    <dl class="facts digests">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
};

const columnText = ({ columns }: TableVerdict): string =>
  columns
    ? [...columns.added.map((name) => `+ ${name}`), ...columns.removed.map((name) => `− ${name}`)].join(', ')
    : nothing;

const Tables = ({ tables }: { readonly tables: readonly TableVerdict[] }): VNode => (
  <div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">Table</th>
          <th scope="col" class="number">
            Rows rebuilt
          </th>
          <th scope="col" class="number">
            Rows shown
          </th>
          <th scope="col" class="number">
            Differ
          </th>
          <th scope="col">Columns</th>
          <th scope="col">Digest of the rebuilt</th>
        </tr>
      </thead>
      <tbody>
        {tables.map((one) => (
          <tr key={one.table}>
            <th scope="row">{one.table}</th>
            <td class="number">{one.rows.toLocaleString('en-US')}</td>
            <td class="number">{one.shown?.rows.toLocaleString('en-US') ?? nothing}</td>
            <td class="number">{one.differing.toLocaleString('en-US')}</td>
            <td>{columnText(one)}</td>
            <td>
              <code title={one.digest}>{one.digest.slice(0, 16)}…</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const Differences = ({ certificate }: { readonly certificate: Certificate }): VNode => (
  <>
    {certificate.differing > certificate.differences.length && (
      <p class="note">{`The first ${certificate.differences.length} of ${counted(certificate.differing, 'row')}.`}</p>
    )}
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Row</th>
            <th scope="col">Table</th>
            <th scope="col">Shown → rebuilt</th>
            <th scope="col">Why</th>
            <th scope="col">Last event</th>
          </tr>
        </thead>
        <tbody>
          {certificate.differences.map((row) => (
            <DifferenceRow key={`${row.table} ${Object.values(row.key).join(' ')}`} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  </>
);

const kinds = { 'only-rebuilt': 'only in the rebuilt table', 'only-shown': 'only in the shown table' } as const;

const DifferenceRow = ({ row }: { readonly row: RowDifference }): VNode => {
  const { order_id: orderId } = row.key;
  return (
    <tr>
      <th scope="row">{orderId === undefined ? row.name : <a href={orderHistoryPath(orderId)}>{row.name}</a>}</th>
      <td>{row.table}</td>
      <td>
        {row.kind === 'changed'
          ? row.fields.map((field) => <div key={field.field}>{fieldText(field)}</div>)
          : kinds[row.kind]}
      </td>
      <td>{causeText[row.cause]}</td>
      <td>
        {row.lastEvent ? (
          <a href={streamPath(row.lastEvent.stream)}>{`${typeText(row.lastEvent.type)} (${row.lastEvent.revision})`}</a>
        ) : (
          nothing
        )}
      </td>
    </tr>
  );
};

const Skipped = ({ skipped }: Pick<Certificate, 'skipped'>): VNode => (
  <>
    <h2>Left out by decision</h2>
    <ul class="things">
      {skipped.map(({ stream, revision, eventType, reason, by, skippedAt }) => (
        <li key={`${revision} ${stream}`}>
          {`${typeText(eventType)} (${revision} of ${stream}), by ${by} on ${instantText(skippedAt)}: ${reason}`}
        </li>
      ))}
    </ul>
  </>
);
