import { fastifySwagger } from '@fastify/swagger';
import { fastifySwaggerUi } from '@fastify/swagger-ui';
import type { ApiSettings } from './dependencies.ts';
import type { Api } from './http/api.ts';

/** OpenAPI 3.1 from the routes themselves. Registered before them. */
export function installOpenApi(app: Api, settings: ApiSettings): void {
  app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Orderfold',
        version: settings.version,
        description: 'Orders of manufacturers and distributors: commands in, events kept, states and KPIs out.',
      },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key, ofk_...' } } },
      security: [{ key: [] }],
      tags: [
        { name: 'orders', description: 'Orders, their commands, history and live status' },
        { name: 'customers', description: 'Customer accounts and their contacts' },
        { name: 'persons', description: 'What a person may ask of us, and who read what' },
        { name: 'kpis', description: 'KPI tables' },
        { name: 'analytics', description: 'KPIs at any moment, what is behind them, and exports' },
        { name: 'operations', description: 'Health, metrics, problem codes' },
      ],
    },
  });
  if (settings.publicDocs) app.register(fastifySwaggerUi, { routePrefix: '/docs', staticCSP: true });
}

export function openApiRoute(app: Api, settings: ApiSettings): void {
  if (!settings.publicDocs) return;
  app.get(
    '/openapi.json',
    { config: { action: 'public' }, schema: { tags: ['operations'], summary: 'This document', security: [] } },
    async () => app.swagger(),
  );
}
