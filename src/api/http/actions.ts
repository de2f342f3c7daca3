import type { Api } from './api.ts';

/** Makes the start fail when a route does not say what it does: access cannot be forgotten. */
export function requireActions(app: Api): void {
  const nameless: string[] = [];
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/docs')) route.config = { ...route.config, action: 'public' };
    if (route.config?.action === undefined) nameless.push(`${[route.method].flat().join(',')} ${route.url}`);
  });
  app.addHook('onReady', (done) => {
    done(
      nameless.length === 0 ? undefined : new Error(`Routes without an action in their config: ${nameless.join('; ')}`),
    );
  });
}
