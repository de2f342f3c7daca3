import type { Queryable } from '../../database/database.ts';
import type { Certificate, CertificateVerdict } from './certificate.ts';

export interface CertificateEntry {
  readonly id: string;
  readonly projection: string;
  readonly version: number;
  readonly verdict: CertificateVerdict;
  readonly events: number;
  readonly differing: number;
  readonly finishedAt: string;
}

export async function keepCertificate(database: Queryable, certificate: Certificate): Promise<void> {
  const { id, projection, verdict, finishedAt } = certificate;
  await database.query({
    text: `insert into replay_certificates (id, projection, verdict, finished_at, certificate)
           values ($1, $2, $3, $4, $5)`,
    values: [id, projection, verdict, finishedAt, JSON.stringify(certificate)],
  });
}

/** Newest first. */
export async function listCertificates(
  database: Queryable,
  { projection, limit }: { readonly projection?: string; readonly limit: number },
): Promise<readonly CertificateEntry[]> {
  const rows = await database.query<
    Omit<CertificateEntry, 'events' | 'differing'> & { events: string; differing: string }
  >({
    text: `select id, projection, (certificate::json->>'version')::integer as version, verdict,
                  certificate::json->'covered'->>'events' as events, certificate::json->>'differing' as differing,
                  certificate::json->>'finishedAt' as "finishedAt"
           from replay_certificates where $1::text is null or projection = $1
           order by finished_at desc, id desc limit $2`,
    values: [projection ?? null, limit],
  });
  return rows.map((row) => ({ ...row, events: Number(row.events), differing: Number(row.differing) }));
}

export async function findCertificate(database: Queryable, id: string): Promise<Certificate | undefined> {
  const [row] = await database.query<{ certificate: string }>({
    text: 'select certificate from replay_certificates where id = $1',
    values: [id],
  });
  return row && (JSON.parse(row.certificate) as Certificate);
}

export interface CertificateReader {
  list(options: { readonly projection?: string; readonly limit: number }): Promise<readonly CertificateEntry[]>;
  find(id: string): Promise<Certificate | undefined>;
}

export const certificateReader = (database: Queryable): CertificateReader => ({
  list: (options) => listCertificates(database, options),
  find: (id) => findCertificate(database, id),
});
