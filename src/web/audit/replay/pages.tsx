/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { randomUUID } from 'node:crypto';
import { isIntact } from '../../../projections/certificates/certificate.ts';
import type { CertificateReader } from '../../../projections/certificates/store.ts';
import type { QuarantineDesk } from '../../../projections/quarantine/desk.ts';
import type { Rebuilds } from '../../../projections/rebuilds.ts';
import { InvalidValue } from '../../../values/refusal.ts';
import { type Assets, html } from '../../analytics/page.tsx';
import { one, type Query, refuseUnknown } from '../../query.ts';
import { certificatesPath, parkedPath, quarantinePath } from '../links.ts';
import { CertificatePage } from './certificate.tsx';
import { CertificatesPage } from './certificates.tsx';
import { ParkedPage, QuarantinePage } from './quarantine.tsx';

export interface ReplayPagesOptions<Visitor extends { readonly id: string }> {
  readonly assets: Assets;
  readonly certificates: CertificateReader;
  readonly rebuilds: Omit<Rebuilds, 'stop'>;
  readonly quarantine: QuarantineDesk;
  readonly mayRebuild: (visitor: Visitor) => boolean;
  readonly mayResolve: (visitor: Visitor) => boolean;
}

interface Visit<Visitor> {
  readonly query: Query;
  readonly params: Readonly<Record<string, string>>;
  readonly principal: Visitor;
  readonly traceId: string;
}

type Sent<Visitor> = Visit<Visitor> & { readonly form: URLSearchParams };

const listed = 100;
const longestReason = 500;

/** Pages of replays and quarantine, and what their forms do. */
export function replayPages<Visitor extends { readonly id: string }>(options: ReplayPagesOptions<Visitor>) {
  return { pages: pagesOf(options), actions: actionsOf(options) } as const;
}

function pagesOf<Visitor extends { readonly id: string }>(options: ReplayPagesOptions<Visitor>) {
  const { assets, certificates, rebuilds, quarantine, mayRebuild, mayResolve } = options;
  return [
    {
      path: certificatesPath,
      action: 'audit.read',
      answer: async ({ query, principal }: Visit<Visitor>): Promise<string> => {
        const [standings, entries] = [await rebuilds.standings(), await certificates.list({ limit: listed })];
        const view = { standings, certificates: entries, operator: mayRebuild(principal), said: saidIn(query) };
        return html(<CertificatesPage {...view} assets={assets} />);
      },
    },
    {
      path: `${certificatesPath}/:certificateId`,
      action: 'audit.read',
      answer: async ({ params: { certificateId = '' } }: Visit<Visitor>): Promise<string | undefined> => {
        const found = await certificates.find(certificateId);
        return found && html(<CertificatePage certificate={found} intact={isIntact(found)} assets={assets} />);
      },
    },
    {
      path: quarantinePath,
      action: 'audit.read',
      answer: async ({ query }: Visit<Visitor>): Promise<string> =>
        html(<QuarantinePage parked={await quarantine.list()} said={saidIn(query)} assets={assets} />),
    },
    {
      path: `${quarantinePath}/:projection/:stream`,
      action: 'audit.read',
      answer: async ({ query, params, principal }: Visit<Visitor>): Promise<string | undefined> => {
        const parked = await quarantine.find(params.projection ?? '', params.stream ?? '');
        const view = { operator: mayResolve(principal), said: saidIn(query) };
        return parked && html(<ParkedPage parked={parked} {...view} assets={assets} />);
      },
    },
  ] as const;
}

function actionsOf<Visitor extends { readonly id: string }>({ rebuilds, quarantine }: ReplayPagesOptions<Visitor>) {
  return [
    {
      path: `${certificatesPath}/rebuild`,
      action: 'projection.rebuild',
      act: async ({ form }: Sent<Visitor>): Promise<string> =>
        saying(certificatesPath, await stepOf(rebuilds, form.get('projection') ?? '', form.get('step') ?? '')),
    },
    {
      path: `${quarantinePath}/:projection/:stream/retry`,
      action: 'quarantine.resolve',
      act: async ({ params: { projection = '', stream = '' } }: Sent<Visitor>): Promise<string> =>
        resolved(projection, stream, (await quarantine.retry(projection, stream)).kind),
    },
    {
      path: `${quarantinePath}/:projection/:stream/skip`,
      action: 'quarantine.resolve',
      act: async ({ params, form, principal, traceId }: Sent<Visitor>): Promise<string> => {
        const { projection = '', stream = '' } = params;
        const reason = (form.get('reason') ?? '').trim();
        if (reason === '' || reason.length > longestReason)
          throw new InvalidValue('no-reason', `Say why, in at most ${longestReason} letters.`, 'reason');
        const request = { projection, stream, revision: Number(form.get('revision') ?? '-1'), reason };
        const actor = { kind: 'program', id: principal.id, via: 'api' } as const;
        const { kind } = await quarantine.skip(request, { commandId: randomUUID(), correlationId: traceId, actor });
        return resolved(projection, stream, kind);
      },
    },
  ] as const;
}

async function stepOf(rebuilds: Omit<Rebuilds, 'stop'>, projection: string, step: string): Promise<string> {
  if (step === 'rollback') return (await rebuilds.rollBack(projection)).kind;
  if (step === 'drop') return (await rebuilds.drop(projection)) ? 'dropped' : 'nothing-built';
  return rebuilds.start(projection, step === 'switch' ? 'switch' : 'compare');
}

const saying = (path: string, said: string): string => `${path}?${new URLSearchParams({ said })}`;

/** Back to the stream as long as it waits, else to the list. */
const resolved = (projection: string, stream: string, kind: string): string =>
  saying(kind === 'repaired' || kind === 'not-parked' ? quarantinePath : parkedPath(projection, stream), kind);

function saidIn(query: Query): string | undefined {
  refuseUnknown(query, ['said']);
  return one(query, 'said');
}
