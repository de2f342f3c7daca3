import { type Analytics, factTables } from '../../src/analytics/engine.ts';
import type { Kpi } from '../../src/analytics/kpis/kpi.ts';
import type { KpiAnswer, KpiRequest } from '../../src/analytics/query/answer.ts';
import { InvalidValue } from '../../src/values/refusal.ts';
import { snapshotLike } from './fact-tables.ts';
import { tableOf } from './tables.ts';

export const fakePosition = '00000000000000000042';

export const fakeKpi: Kpi = {
  id: 'on_time_rate',
  version: 1,
  title: 'On time',
  family: 'reliability',
  definition: 'Units on time.',
  formula: 'on time / due',
  unit: 'ratio',
  grains: ['schedule-line', 'order'],
  by: ['due'],
  basis: true,
  population: true,
  edgeRules: [],
  source: 'a test',
};

const value = { num: 3, den: 4, value: 0.75, n_open: 1 };

export function fakeAnswer({ kpis, group = [], asOf }: KpiRequest): KpiAnswer {
  const row = (month: string | null) => ({
    group: Object.fromEntries(group.map((name) => [name, name === 'month' ? month : 'a=b, c'])),
    kpis: Object.fromEntries(kpis.map((kpi) => [kpi, value])),
  });
  return {
    rows: [row('2026-01'), row(null)],
    conventions: kpis.map((kpi) => ({
      kpi,
      version: 1,
      unit: 'ratio',
      grain: 'order',
      basis: 'commit',
      population: 'due',
      by: 'due',
    })),
    group,
    zone: 'Europe/Berlin',
    percentiles: [50],
    method: 'linear',
    calendar: null,
    from: null,
    to: null,
    position: asOf && 'position' in asOf ? asOf.position : fakePosition,
    asOf: asOf ?? null,
    on: '2026-03-01',
    parkedStreams: 0,
  };
}

/** Answers without events: for tests of what the edge does. */
export function fakeAnalytics(changed: Partial<Analytics> = {}): Analytics {
  return {
    kpis: [fakeKpi],
    position: fakePosition,
    lagMs: 0,
    parked: [],
    dimensions: () => ['month', 'country'],
    facts: async (name, { asOf, ...selection } = {}) => {
      if (!factTables.some((table) => table === name))
        throw new InvalidValue('unknown-facts', 'There is no such table');
      const snapshot = await snapshotLike({ ...tableOf(100), name }, selection);
      return { ...snapshot, position: asOf && 'position' in asOf ? asOf.position : fakePosition };
    },
    query: async (request) => {
      const unknown = request.kpis.find((id) => id !== fakeKpi.id);
      if (unknown !== undefined) throw new InvalidValue('unknown-kpi', `There is no KPI ${unknown}`, 'kpis');
      return fakeAnswer(request);
    },
    cell: async () => ({ units: [], position: fakePosition }),
    histogram: async ({ edges }) => ({ counts: [0, ...edges.map(() => 1)], position: fakePosition }),
    whatChanged: async ({ since, until = fakePosition }) => ({ before: value, after: value, since, until, orders: [] }),
    waitFor: async (position) => position <= fakePosition,
    close: async () => {},
    ...changed,
  };
}
