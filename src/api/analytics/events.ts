import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { eventTable, eventTables, personalColumns, plainColumns } from '../../analytics/export/event-table.ts';
import { selected } from '../../analytics/export/selection.ts';
import { streamed } from '../../analytics/export/streaming.ts';
import type { Table } from '../../analytics/table.ts';
import type { Position } from '../../events/envelope.ts';
import { InvalidValue } from '../../values/refusal.ts';
import { can } from '../access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Api } from '../http/api.ts';
import { answers } from '../http/documented.ts';
import { etagIn } from '../http/encoding.ts';
import { positionOf, readHeaders } from '../http/positions.ts';
import { selectionParameters } from './facts.ts';
import { etagOf, factsReach, hasAlready, tellMoment } from './moments.ts';
import { codingFor, formatFor, sendStream } from './sending.ts';

const Place = Type.String({ minLength: 1, maxLength: 64 });
const Query = Type.Object(
  {
    ...selectionParameters,
    after: Type.Optional({ ...Place, description: 'Events after this position; all if left out' }),
    upTo: Type.Optional({ ...Place, description: 'Events up to this position; now if left out' }),
  },
  { additionalProperties: false },
);

/** GET /v1/analytics/facts/events: the events as rows, in the order of the log. Who acted is told only to who may read the journal. */
export function eventsRoute(app: Api, deps: ApiDependencies): void {
  const { analytics, past } = deps;
  app.get(
    '/v1/analytics/facts/events',
    {
      config: { action: 'export.read' },
      schema: {
        tags: ['analytics'],
        summary: 'The events as a table, as Arrow, Parquet, CSV or JSON',
        querystring: Query,
        headers: readHeaders,
        response: answers(Type.Array(Type.Object({}, { additionalProperties: true }), { maxItems: 2_000_000_000 })),
      },
    },
    async (request, reply) => {
      const { after, upTo, format: formatName, columns, where, limit } = request.query;
      const format = await formatFor(request, formatName);
      await factsReach(deps, request);
      const from: Position | 'start' = after === undefined ? 'start' : positionOf(after);
      const position = upTo === undefined ? analytics.position : positionOf(upTo);
      if (analytics.position === 'start' ? upTo !== undefined : position > analytics.position)
        throw new InvalidValue('position-not-reached', 'The log has not come to this position yet', '?/upTo');
      const asked = {
        question: ['events', request.query, format.name, request.principal?.role],
        asOf: upTo === undefined ? undefined : { position },
      };
      const coding = codingFor(request, format);
      const etag = etagIn(etagOf(analytics, position, asked), coding);
      tellMoment(reply, position, etag, asked);
      if (hasAlready(request, etag)) return reply.code(304).send();

      const readable = readableColumns(request);
      const chosen = columns?.split(',') ?? plainColumns.map(({ name }) => name);
      const conditions = where === undefined ? [] : [where].flat();
      // An empty table says what is wrong with a selection before the answer begins.
      const table = selected(eventTable(readable, []), { columns: chosen, where: conditions });
      reply.header('content-type', format.contentType);
      if (format.name !== 'json') reply.header('content-disposition', `attachment; filename="events.${format.name}"`);

      const events = position === 'start' || from === position ? nothing() : past.read(from, position);
      const most = limitOf(deps, request, limit);
      // How many rows fit is not known before they have been read.
      if (most < Infinity) reply.header('orderfold-row-limit', String(most));
      const parts = selectedParts(eventTables(readable, events), { columns: chosen, where: conditions }, most);
      const source = { table, parts, metadata: new Map([['position', position]]) };
      return sendStream(request, reply, () => streamed(source, format), coding);
    },
  );
}

/** All columns that the caller may name. */
function readableColumns({ principal }: FastifyRequest) {
  const all = principal && can(principal, 'journal.read') === 'allowed';
  return all ? [...plainColumns, ...personalColumns] : plainColumns;
}

function limitOf({ settings }: ApiDependencies, { principal }: FastifyRequest, limit: number | undefined): number {
  const most = principal?.role === 'analyst' && settings.analystExportRows > 0 ? settings.analystExportRows : Infinity;
  return Math.min(most, limit ?? Infinity);
}

async function* selectedParts(
  tables: AsyncIterable<Table>,
  selection: { readonly columns: readonly string[]; readonly where: readonly string[] },
  most: number,
): AsyncGenerator<Table> {
  let left = most;
  for await (const table of tables) {
    const part = selected(table, { ...selection, limit: Math.min(left, table.rows) });
    left -= part.rows;
    yield part;
    if (left <= 0) return;
  }
}

async function* nothing(): AsyncGenerator<never> {}
