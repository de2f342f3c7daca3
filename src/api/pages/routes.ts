import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { can, type Principal } from '../access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { asProblem, logProblem } from '../http/answers.ts';
import type { Api } from '../http/api.ts';
import { Problem } from '../problems.ts';
import type { Page, PageAction, Pages, Visit } from './page.ts';
import { refuseOtherSites } from './same-origin.ts';
import type { Sessions } from './sessions.ts';

/** Nothing runs in a page and nothing comes from elsewhere. */
const policy =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const headers = {
  'content-security-policy': policy,
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
} as const;
/** The same, for a page that brings a script of our own, which may ask for pages. */
const scripted = { ...headers, 'content-security-policy': `${policy}; script-src 'self'; connect-src 'self'` } as const;

/** Pages and their sign-in. Problems are pages too; who is not signed in gets the form in the place of the page. */
export async function pageRoutes(app: Api, deps: ApiDependencies, sessions: Sessions): Promise<void> {
  const { pages } = deps;
  if (!pages) return;
  await app.register(async (scope) => {
    const api = scope as Api;
    api.setErrorHandler((error: FastifyError, request, reply) => answerFault(pages, error, request, reply));
    for (const page of pages.pages) pageRoute(api, page);
    for (const action of pages.actions ?? []) actionRoute(api, action);
    for (const file of pages.files) fileRoute(api, file);
    signInRoutes(api, deps, pages, sessions);
  });
}

function pageRoute(api: Api, page: Page): void {
  api.get(
    page.path,
    { config: { action: page.action, session: true }, schema: { hide: true } },
    async (request, reply) => {
      const html = await page.answer(visitOf(request));
      if (html === undefined) throw new Problem('not-found', { detail: 'There is no such page.' });
      return reply.headers(page.scripted ? scripted : headers).send(html);
    },
  );
}

function actionRoute(api: Api, { path, action, act }: PageAction): void {
  api.post(path, { config: { action, session: true }, schema: { hide: true } }, async (request, reply) => {
    refuseOtherSites(request);
    const address = await act({ ...visitOf(request), form: formOf(request) });
    return reply.header('cache-control', 'no-store').redirect(address, 303);
  });
}

function visitOf(request: FastifyRequest): Visit {
  const { principal, query, params, id } = request;
  if (!principal) throw new Problem('unauthenticated');
  return {
    ...{ query: query as Visit['query'], params: params as Visit['params'], principal, traceId: id },
    may: (action) => can(principal, action) === 'allowed',
  };
}

const formOf = ({ body }: FastifyRequest): URLSearchParams =>
  body instanceof URLSearchParams ? body : new URLSearchParams();

function fileRoute(api: Api, { path, contentType, body }: Pages['files'][number]): void {
  api.get(path, { config: { action: 'public' }, schema: { hide: true } }, (_request, reply) =>
    reply.header('content-type', contentType).header('cache-control', 'public, max-age=31536000, immutable').send(body),
  );
}

const formBytes = 16 * 1024;

/** Where a visitor begins: the first of these that he may see. */
const entrances = [
  { path: '/analytics', action: 'analytics.read' },
  { path: '/audit', action: 'order.history' },
] as const;
const entranceOf = (principal: Principal): string | undefined =>
  entrances.find(({ action }) => can(principal, action) === 'allowed')?.path;

function signInRoutes(api: Api, deps: ApiDependencies, pages: Pages, sessions: Sessions): void {
  const route = { config: { action: 'public' as const }, schema: { hide: true } };
  api.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: formBytes },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
  api.get('/sign-in', route, (_request, reply) => reply.headers(headers).send(pages.signIn({ next: '' })));
  api.post('/sign-in', route, async (request, reply) => {
    refuseOtherSites(request);
    const form = formOf(request);
    const asked = ownAddress(form.get('next'));
    const session = await sessions.begin((form.get('key') ?? '').trim());
    const refused = (status: number, fault: string) =>
      reply
        .code(status)
        .headers(headers)
        .send(pages.signIn({ next: asked ?? '', fault }));
    if (!session) return refused(401, 'This key is not valid: it may be mistyped, expired or revoked.');
    const entrance = entranceOf(session.principal);
    if (entrance === undefined)
      return refused(403, 'This key is valid, but its role or its scopes do not allow it to see any page.');
    deps.logger.info({ principal: session.principal.id, traceId: request.id }, 'signed in');
    return reply
      .header('set-cookie', session.cookie)
      .header('cache-control', 'no-store')
      .redirect(asked ?? entrance, 303);
  });
  api.post('/sign-out', route, async (request, reply) => {
    refuseOtherSites(request);
    reply.header('set-cookie', sessions.end).header('clear-site-data', '"cache"').header('cache-control', 'no-store');
    return reply.redirect('/sign-in', 303);
  });
}

/** Nobody is sent to another site, or to an address that is no page. */
const ownAddress = (next: string | null): string | undefined =>
  next !== null && next.length <= 4000 && /^\/(?:analytics|audit)(?:[/?][\x21-\x5b\x5d-\x7e]*)?$/.test(next)
    ? next
    : undefined;

/** In the words of who fills in a form. */
const notAsked = {
  title: 'This cannot be asked',
  help: 'Change the filter, or begin again without one.',
};

function answerFault(pages: Pages, error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = asProblem(error, request);
  logProblem(problem, error, request);
  const { status } = problem.type;
  const { title, help } = problem.code === 'invalid-request' ? notAsked : problem.type;
  reply
    .code(status)
    .headers(problem.details.headers ?? {})
    .headers(headers);
  if (problem.code === 'unauthenticated') return reply.send(pages.signIn({ next: ownAddress(request.url) ?? '' }));
  const { detail } = problem.details;
  return reply.send(pages.problem({ title, help, traceId: request.id, ...(detail !== undefined && { detail }) }));
}
