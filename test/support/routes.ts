import type { Action } from '../../src/api/access.ts';
import type { Api } from '../../src/api/http/api.ts';

/** One operation of the OpenAPI document. */
export interface Operation {
  readonly method: string;
  /** With {names} for the path parameters. */
  readonly path: string;
  readonly body?: JsonSchema;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: JsonSchema;
  }[];
  readonly responses: Readonly<Record<string, { readonly content?: Record<string, { readonly schema: JsonSchema }> }>>;
}

export type JsonSchema = { readonly [keyword: string]: unknown };

interface OpenApiDocument {
  readonly paths: Record<
    string,
    Record<
      string,
      Omit<Operation, 'method' | 'path' | 'body'> & {
        requestBody?: { content: Record<string, { schema: JsonSchema }> };
      }
    >
  >;
}

export function operationsOf(app: Api): Operation[] {
  const document = app.swagger() as unknown as OpenApiDocument;
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => {
      const body = operation.requestBody?.content['application/json']?.schema;
      return {
        method: method.toUpperCase(),
        path,
        parameters: operation.parameters ?? [],
        responses: operation.responses,
        ...(body && { body }),
      };
    }),
  );
}

export interface Route {
  readonly method: string;
  readonly url: string;
  readonly action: Action | 'public';
}

/** What fastify really serves, apart from the documentation pages and the answers for wrong methods. */
export function recordRoutes(app: Api): Route[] {
  const routes: Route[] = [];
  app.addHook('onRoute', (route) => {
    const hidden = (route.schema as { hide?: boolean } | undefined)?.hide === true;
    if (hidden || route.url.startsWith('/docs')) return;
    for (const method of [route.method].flat()) {
      if (method !== 'HEAD') routes.push({ method, url: route.url, action: route.config?.action ?? 'public' });
    }
  });
  return routes;
}
