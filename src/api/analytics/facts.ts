import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { type FactTable, factTables } from '../../analytics/engine.ts';
import type { Format } from '../../analytics/export/formats.ts';
import { createSpools, type Prepared } from '../../analytics/export/spools.ts';
import type { AsOf } from '../../analytics/query/answer.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { etagIn } from '../http/encoding.ts';
import { readHeaders } from '../http/positions.ts';
import { type Asked, etagOf, factsReach, hasAlready, tellMoment } from './moments.ts';
import { Moment, momentOf, momentText } from './questions.ts';
import { codingFor, FormatName, formatFor, sendSpooled, type Told } from './sending.ts';

const columnName = '[a-z][a-z0-9_.]{0,59}';
const condition = Type.String({
  description: 'column:value, column:one,other, column:from..to or column: (no value); all conditions must hold',
  pattern: `^${columnName}:`,
  minLength: 2,
  maxLength: 2000,
});

export const selectionParameters = {
  columns: Type.Optional(
    Type.String({
      description: 'Columns with commas between, in the order wanted; all if left out',
      pattern: `^${columnName}(?:,${columnName})*$`,
      maxLength: 4000,
    }),
  ),
  where: Type.Optional(Type.Union([condition, Type.Array(condition, { maxItems: 20 })])),
  limit: Type.Optional(Type.Integer({ description: 'The first so many rows', minimum: 1, maximum: 2_000_000_000 })),
  format: Type.Optional(FormatName),
};

const Query = Type.Object({ ...selectionParameters, asOf: Type.Optional(Moment) }, { additionalProperties: false });
type SelectionQuery = Pick<Static<typeof Query>, 'columns' | 'where' | 'limit'>;

/** GET /v1/analytics/facts/{table}: what the KPIs are made of, a row for each order, line, schedule line or shipment. */
export function factsRoute(app: Api, deps: ApiDependencies): void {
  const { analytics } = deps;
  const spools = createSpools<Told>({ directory: deps.settings.exportDirectory });
  app.addHook('onClose', () => spools.close());
  app.get(
    '/v1/analytics/facts/:table',
    {
      config: { action: 'export.read' },
      schema: {
        tags: ['analytics'],
        summary: 'A table of facts, as Arrow, Parquet, CSV or JSON',
        params: Type.Object({ table: Type.Enum([...factTables]) }),
        querystring: Query,
        headers: readHeaders,
        response: answers(Type.Array(Type.Object({}, { additionalProperties: true }), { maxItems: 2_000_000_000 })),
      },
    },
    async (request, reply) => {
      const { asOf, format: formatName, ...selection } = request.query;
      const moment = asOf === undefined ? undefined : momentOf(asOf, '?/asOf');
      const format = await formatFor(request, formatName);
      const coding = codingFor(request, format);
      await factsReach(deps, request);
      const asked = {
        question: [request.params.table, request.query, format.name, request.principal?.role],
        asOf: moment,
      };
      const position = moment && 'position' in moment ? moment.position : analytics.position;
      const presumed = moment && 'instant' in moment ? undefined : etagOf(analytics, position, asked);
      if (presumed !== undefined && hasAlready(request, etagIn(presumed, coding))) {
        tellMoment(reply, position, etagIn(presumed, coding), asked);
        return reply.code(304).send();
      }
      const known = presumed === undefined ? undefined : spools.find(presumed);
      const spooled =
        known ?? (await spools.begin(() => prepared(deps, request, { format, moment, asked, selection })));
      const etag = etagIn(spooled.told.etag, coding);
      tellMoment(reply, spooled.told.position, etag, asked);
      if (hasAlready(request, etag)) return reply.code(304).send();
      return sendSpooled(request, reply, spooled, format, coding);
    },
  );
}

interface Wanted {
  readonly format: Format;
  readonly moment: AsOf | undefined;
  readonly asked: Asked;
  readonly selection: SelectionQuery;
}

async function prepared(
  { analytics, settings }: ApiDependencies,
  { params, principal }: FastifyRequest<{ Params: { table: FactTable } }>,
  { format, moment, asked, selection: { columns, where, limit } }: Wanted,
): Promise<Prepared<Told>> {
  const most = principal?.role === 'analyst' && settings.analystExportRows > 0 ? settings.analystExportRows : undefined;
  const limits = [limit, most].filter((one) => one !== undefined);
  const facts = await analytics.facts(params.table, {
    ...(columns !== undefined && { columns: columns.split(',') }),
    ...(where !== undefined && { where: [where].flat() }),
    ...(limits.length > 0 && { limit: Math.min(...limits) }),
    ...(moment && { asOf: moment }),
  });
  const { table, rows, fitting, position } = facts;
  const metadata = new Map([
    ['position', position],
    ...(moment ? [['as_of', momentText(moment)] as const] : []),
    ['table', table.name],
    ['time_zone', 'UTC'],
    ['kpi_versions', analytics.kpis.map(({ id, version }) => `${id}@${version}`).join(' ')],
    ['parked_streams', String(analytics.parked.length)],
    ['rows_fitting', String(fitting)],
  ]);
  // Whoever gets less than what fits, and did not ask for less, must be told.
  if (most !== undefined && fitting > most && (limit === undefined || limit > most))
    metadata.set('cut', `${fitting} rows fit; the role ${principal?.role} may take ${most}`);
  const etag = etagOf(analytics, position, asked);
  return {
    key: etag,
    pieces: format.write({ table, parts: facts.parts(), metadata }),
    told: { name: table.name, rows, fitting, position, etag },
    close: facts.close,
  };
}
