import { Problem } from '../problems.ts';
import type { Api } from './api.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
type Method = (typeof methods)[number];

/** Answers 405 with Allow where an address exists but not for this method. Call it before and `close` it after the routes. */
export function collectMethods(app: Api): { close(): void } {
  const allowed = new Map<string, Set<string>>();
  let open = true;
  app.addHook('onRoute', (route) => {
    if (!open || route.url.startsWith('/docs')) return;
    const known = allowed.get(route.url) ?? new Set();
    for (const method of [route.method].flat()) known.add(method);
    allowed.set(route.url, known);
  });
  return {
    close: () => {
      open = false;
      for (const [url, known] of allowed) refuseOthers(app, url, known);
    },
  };
}

function refuseOthers(app: Api, url: string, known: ReadonlySet<string>): void {
  const allow = methods.filter((method) => known.has(method));
  const others: Method[] = methods.filter((method) => !known.has(method));
  app.route({
    url,
    method: others,
    config: { action: 'public' },
    schema: { hide: true },
    // Refused before a body is read.
    onRequest: (_request, _reply, done) => {
      const detail = `Allowed here: ${allow.join(', ')}.`;
      done(new Problem('method-not-allowed', { detail, headers: { allow: allow.join(', ') } }));
    },
    handler: () => {},
  });
}
