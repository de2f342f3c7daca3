import { describe, expect, it } from 'vitest';
import { factTables, openAnalytics } from '../../src/analytics/engine.ts';
import { plainColumns } from '../../src/analytics/export/event-table.ts';
import type { Role } from '../../src/api/access.ts';
import type { Recorded } from '../../src/events/envelope.ts';
import { ApiClient } from '../support/client.ts';
import { fakeApi } from '../support/fakeApi.ts';
import { memoryLog } from '../support/memory-log.ts';
import { simulatedHistory } from '../support/simulated-history.ts';

const until = '2026-04-08T12:00:00.000Z';
const secret = 'Jane Roe';

/** The fields in which people are named or write what they like; everything else is a code, a number, a date or an id. */
const free = new Set(['name', 'note', 'text', 'description']);

const marked = (value: unknown, field = ''): unknown => {
  if (Array.isArray(value)) return value.map((one) => marked(one));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, marked(one, name)]));
  return free.has(field) ? secret : value;
};

/** A history in which every event was made by a person, for a reason in words, from a file with a name. */
async function told(): Promise<ReturnType<typeof memoryLog>> {
  const log = memoryLog();
  const events: Recorded[] = await simulatedHistory('personal', 40, until, 60);
  for (const { stream, revision: _, position: __, data, metadata, ...event } of events) {
    const more = {
      actor: { ...metadata.actor, kind: 'user' as const, id: secret },
      reason: { code: 'price', text: secret },
      source: { kind: 'file' as const, ref: secret },
    };
    log.record(stream, { ...event, data: marked(data) as typeof data, metadata: { ...metadata, ...more } });
  }
  return log;
}

async function served() {
  const log = await told();
  const analytics = await openAnalytics({ log, clock: () => until });
  await analytics.waitFor(String(await log.head()), { timeoutMs: 30_000 });
  const past = {
    async *read() {
      yield* log.events;
    },
  };
  const { app, keyFor } = await fakeApi({ analytics, past, log, clock: () => until });
  const get = async (role: Role, url: string) => new ApiClient(app, keyFor(role)).get(url);
  return { get, log, close: async () => Promise.all([app.close(), analytics.close()]) };
}

describe('personal data', () => {
  it('leaves with no table, number or event log, for nobody who did not ask for it', async () => {
    const { get, log, close } = await served();
    expect(JSON.stringify(log.events)).toContain(secret);
    const urls = [
      ...factTables.map((table) => `/v1/analytics/facts/${table}?format=csv`),
      '/v1/analytics/facts/events?format=csv',
      '/v1/analytics/ocel',
      '/v1/analytics/query?kpis=on_time_rate,order_cycle_time&group=month,country',
      '/v1/analytics/cell?kpi=on_time_rate',
      '/v1/analytics/changes?kpi=on_time_rate&since=start',
      '/v1/analytics/kpis',
    ];
    for (const role of ['analyst', 'auditor', 'admin'] as const)
      for (const url of urls) {
        const answer = await get(role, url);
        expect(answer.statusCode, url).toBe(200);
        expect(answer.body.length, url).toBeGreaterThan(200);
        expect(answer.body.includes(secret), `${role} ${url}`).toBe(false);
      }
    await close();
  });

  it('is told to auditors who name the column, and refused to analysts like a column that there is not', async () => {
    const { get, close } = await served();
    for (const column of ['actor', 'reason_text', 'source', 'data']) {
      const url = `/v1/analytics/facts/events?limit=200&columns=type,${column}`;
      expect((await get('auditor', url)).body).toContain(secret);
      const refused = await get('analyst', url);
      expect([refused.statusCode, refused.json().errors[0].pointer]).toEqual([400, '?/columns']);
      expect(refused.body).not.toContain('reason_text,');
      const probing = await get('analyst', `/v1/analytics/facts/events?where=${column}:${encodeURIComponent(secret)}`);
      expect([probing.statusCode, probing.json().errors[0].pointer]).toEqual([400, '?/where']);
    }
    await close();
  });

  it('has no further column: whoever adds one must say whether it names persons', () => {
    expect(plainColumns.map(({ name }) => name)).toEqual([
      'position',
      'stream',
      'revision',
      'event_id',
      'type',
      'occurred_at',
      'recorded_at',
      'actor_kind',
      'via',
      'reason',
      'command_id',
      'correlation_id',
      'hash',
    ]);
  });
});
