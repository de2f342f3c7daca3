import type { FastifyRequest } from 'fastify';
import { Problem } from '../problems.ts';

/**
 * Refuses what another site made the browser send: browsers say where a request comes from in Sec-Fetch-Site or, older ones
 * and those without HTTPS, in Origin. Throws forbidden; also where neither is there, since browsers send one with every POST.
 */
export function refuseOtherSites({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  const own = site === undefined ? originHost(headers.origin) === headers.host : site === 'same-origin';
  if (!own) throw new Problem('forbidden', { detail: 'This request does not come from a page of this service.' });
}

function originHost(origin: string | undefined): string | null {
  if (origin === undefined || !URL.canParse(origin)) return null;
  return new URL(origin).host;
}
