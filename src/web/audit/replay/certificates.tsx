/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { VNode } from 'preact';
import { instantText } from '../../../audit/words.ts';
import type { CertificateEntry } from '../../../projections/certificates/store.ts';
import { verdictWord } from '../../../projections/certificates/words.ts';
import type { RebuildStanding, RebuildWork } from '../../../projections/rebuilds.ts';
import type { Assets } from '../../analytics/page.tsx';
import { nothing } from '../../analytics/words.ts';
import { AuditPage } from '../layout.tsx';
import { certificatePath, certificatesPath } from '../links.ts';
import { Notice } from './notice.tsx';

export interface CertificatesProps {
  readonly standings: readonly RebuildStanding[];
  readonly certificates: readonly CertificateEntry[];
  /** Whether who looks may rebuild. */
  readonly operator: boolean;
  readonly said: string | undefined;
  readonly assets: Assets;
}

/** Read models made anew from the log, and what that proved. */
export const CertificatesPage = ({ standings, certificates, operator, said, assets }: CertificatesProps): VNode => (
  <AuditPage
    title="Replay"
    about="A read model made anew from the log beside the one that is shown, compared row by row."
    section="/audit/certificates"
    assets={assets}
  >
    <Notice said={said} />
    <h2>Read models</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Read model</th>
            <th scope="col">Shown</th>
            <th scope="col">Beside it</th>
            <th scope="col">Last work here</th>
            {operator && <th scope="col">Do</th>}
          </tr>
        </thead>
        <tbody>
          {standings.map((one) => (
            <StandingRow key={one.projection} standing={one} operator={operator} />
          ))}
        </tbody>
      </table>
    </div>
    <h2>Certificates</h2>
    {certificates.length === 0 ? <p class="empty">No read model was made anew yet.</p> : <List all={certificates} />}
  </AuditPage>
);

const StandingRow = ({ standing, operator }: { readonly standing: RebuildStanding; readonly operator: boolean }) => {
  const { projection, generations, work } = standing;
  const text = (state: string): string => {
    const found = generations.find((one) => one.state === state);
    return found ? `version ${found.version} (generation ${found.generation})` : nothing;
  };
  const built = generations.some(({ state }) => state === 'building');
  const previous = generations.some(({ state }) => state === 'previous');
  return (
    <tr>
      <th scope="row">{projection}</th>
      <td>{text('active')}</td>
      <td>{text('building')}</td>
      <td>{work ? <Work work={work} /> : nothing}</td>
      {operator && (
        <td>
          <div class="actions">
            <Step projection={projection} step="compare" title="Compare" />
            {built && <Step projection={projection} step="switch" title="Switch" />}
            {built && <Step projection={projection} step="drop" title="Drop" />}
            {previous && <Step projection={projection} step="rollback" title="Go back" />}
          </div>
        </td>
      )}
    </tr>
  );
};

const Work = ({ work }: { readonly work: RebuildWork }): VNode => {
  const count = `${work.events.toLocaleString('en-US')} events`;
  if (work.state === 'running') return <>{`running, ${count}; load the page again to see how far it is`}</>;
  if (work.state === 'failed') return <>{`failed: ${work.cause ?? 'see the log of the service'}`}</>;
  const word = `${work.state}, ${count}`;
  return work.certificate === undefined ? <span>{word}</span> : <a href={certificatePath(work.certificate)}>{word}</a>;
};

const Step = ({ projection, step, title }: Record<'projection' | 'step' | 'title', string>): VNode => (
  <form method="post" action={`${certificatesPath}/rebuild`}>
    <input type="hidden" name="projection" value={projection} />
    <input type="hidden" name="step" value={step} />
    <button type="submit" aria-label={`${title}: ${projection}`}>
      {title}
    </button>
  </form>
);

const List = ({ all }: { readonly all: readonly CertificateEntry[] }): VNode => (
  <div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">Finished</th>
          <th scope="col">Read model</th>
          <th scope="col">Version</th>
          <th scope="col">Verdict</th>
          <th scope="col" class="number">
            Events
          </th>
          <th scope="col" class="number">
            Rows that differ
          </th>
        </tr>
      </thead>
      <tbody>
        {all.map(({ id, finishedAt, projection, version, verdict, events, differing }) => (
          <tr key={id}>
            <th scope="row">
              <a href={certificatePath(id)}>{instantText(finishedAt)}</a>
            </th>
            <td>{projection}</td>
            <td>{version}</td>
            <td>{verdictWord[verdict]}</td>
            <td class="number">{events.toLocaleString('en-US')}</td>
            <td class="number">{differing.toLocaleString('en-US')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
