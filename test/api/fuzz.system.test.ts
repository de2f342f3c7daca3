import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemTypes } from '../../src/api/problems.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { ApiClient, customer, order } from '../support/client.ts';
import { type JsonSchema, type Operation, operationsOf } from '../support/routes.ts';
import { fitting, mutated } from '../support/schemaInputs.ts';

const soak = process.env.ORDERFOLD_SOAK !== undefined;
const numRuns = soak ? 400 : 6;

let running: TestApp;
let key: string;
let operations: readonly Operation[];
/** Real things that a path may name. */
const named: Record<string, string[]> = {
  id: [],
  customerId: ['C-1'],
  holdId: ['H-1'],
  shipmentId: ['S-1'],
  lineNo: ['1', '2'],
  watchId: ['W-1'],
  alertId: ['none'],
  contactId: [],
  personId: ['0190a6b2-7c4e-7d3a-9f10-3c5b8f1e2d4a'],
  table: ['orders', 'schedule-lines', 'nothing'],
};

/** Words that questions may hold. */
const asked: Record<string, readonly string[]> = {
  kpis: ['on_time_rate', 'cycle_time,otif_rate'],
  kpi: ['on_time_rate', 'cycle_time'],
  group: ['month', 'country,month'],
  cell: ['month=2026-01', 'country'],
  filter: ['country=Germany'],
  zone: ['Europe/Berlin'],
  asOf: ['2026-01-01T00:00:00Z', '2999-01-01T00:00:00Z', '0'.repeat(19).concat('2')],
  compare: ['2026-01-01T00:00:00Z'],
  since: ['start', '0'.repeat(19).concat('1')],
  columns: ['order_id', 'order_id,country'],
  where: ['order_id:x', 'country:'],
  from: ['2026-01-01'],
  to: ['2026-12-31'],
};

beforeAll(async () => {
  running = await startApp({ database: 'pglite' });
  key = await running.keyFor('admin');
  const admin = new ApiClient(running.app, key);
  await admin.post('/v1/customers', customer());
  const contact = await admin.post('/v1/customers/C-1/contacts', { name: 'Somebody' });
  named.contactId?.push(contact.json().contactId);
  named.personId?.push(contact.json().contactId);
  for (let n = 0; n < 3; n += 1) {
    const { orderId, orderNo } = (await admin.post('/v1/orders', order())).json();
    await admin.post(`/v1/orders/${orderId}/accept`);
    await admin.post(`/v1/orders/${orderId}/holds`, { holdType: 'price', holdId: 'H-1' });
    await admin.post(`/v1/orders/${orderId}/shipments`, { shipmentId: 'S-1', lines: [{ lineNo: 1 }] });
    named.id?.push(orderId, orderNo);
  }
  await admin.post('/v1/analytics/watches', {
    watchId: 'W-1',
    name: 'On time',
    question: { kpi: 'on_time_rate' },
    condition: { kind: 'threshold', side: 'below', level: 0.5 },
    tell: [],
  });
  operations = operationsOf(running.app).filter(({ path }) => !path.endsWith('/live'));
});
afterAll(() => running.close());

interface Sent {
  readonly url: string;
  readonly payload?: unknown;
  readonly headers?: Record<string, string>;
}

async function survives(operation: Operation, { url, payload, headers = {} }: Sent): Promise<string> {
  const answer = await running.app.inject({
    method: operation.method as 'GET',
    url,
    headers: {
      authorization: `Bearer ${key}`,
      'idempotency-key': randomUUID(),
      'if-match': '*',
      ...(payload !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(payload !== undefined && { payload: JSON.stringify(payload) }),
  });
  const what = `${operation.method} ${url} ${JSON.stringify(payload)} -> ${answer.statusCode} ${answer.body.slice(0, 300)}`;
  expect(answer.statusCode, what).toBeLessThan(500);
  if (answer.statusCode >= 400) {
    expect(answer.headers['content-type'], what).toContain('application/problem+json');
    expect(problemTypes.has(answer.json().code), what).toBe(true);
  }
  const declared = operation.responses[answer.statusCode]?.content?.['application/json']?.schema;
  const isJson = String(answer.headers['content-type']).includes('json');
  if (declared && isJson) expect(Value.Errors(declared as TSchema, answer.json()), what).toEqual([]);
  return answer.statusCode < 400 ? 'success' : answer.json().code;
}

const segment = fc.oneof(
  fc.string({ minLength: 1, maxLength: 20 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 5 }),
  fc.constantFrom('..', '%00', '%', '\u0000', '__proto__', 'x'.repeat(600), '0', '-1', '99999999999999999999'),
);

function encoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return '%ED%A0%80';
  }
}

const realUrl = ({ path }: Operation) =>
  fc
    .tuple(
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => fc.constantFrom(...(named[name] ?? ['on_time_rate']))),
    )
    .map((values) => values.reduce((url: string, value) => url.replace(/\{\w+\}/, value), path));

const wildUrl = ({ path }: Operation) =>
  fc
    .array(fc.oneof(segment.map(encoded), fc.constant('%')), { minLength: 4, maxLength: 4 })
    .map((values) => values.reduce((url, value) => url.replace(/\{\w+\}/, value), path));

const query = (operation: Operation) => {
  const known = operation.parameters.filter((parameter) => parameter.in === 'query');
  const pairs = known.map(({ name, schema }) =>
    fc.tuple(
      fc.constant(name),
      fc.oneof(fitting(schema).map(String), segment, fc.constantFrom(...(asked[name] ?? ['']))),
      fc.boolean(),
    ),
  );
  return fc.tuple(...pairs).map((list) =>
    list
      .filter(([, , wanted]) => wanted)
      .map(([name, value]) => `${name}=${encoded(value)}`)
      .join('&'),
  );
};

const hostileHeader = fc.constantFrom(
  '*',
  '"1"',
  '""',
  'W/"1"',
  '"-1"',
  'x'.repeat(300),
  '"1", "2"',
  '0',
  "';--",
  '%00',
);
const hostileHeaders = fc.record(
  {
    'if-match': hostileHeader,
    'if-none-match': hostileHeader,
    'orderfold-min-position': hostileHeader,
    'idempotency-key': hostileHeader,
    traceparent: hostileHeader,
    prefer: fc.constantFrom('wait=0', 'wait=999999', 'wait=-1', 'wait', ',,,='),
    accept: hostileHeader,
  },
  { requiredKeys: [] },
);

describe('whatever is sent, the answer is a success or a known problem, never a failure', () => {
  const run = async (input: (operation: Operation) => fc.Arbitrary<Sent>, runs = numRuns) => {
    const seen = new Map<string, Set<string>>();
    for (const operation of operations) {
      const outcomes = new Set<string>();
      seen.set(`${operation.method} ${operation.path}`, outcomes);
      await fc.assert(
        fc.asyncProperty(input(operation), async (sent) => {
          outcomes.add(await survives(operation, sent));
        }),
        { numRuns: runs },
      );
    }
    return seen;
  };
  /** A question that there is an answer to: what a KPI is called cannot be guessed. */
  const answerable = (body: unknown) =>
    typeof body === 'object' && body !== null && 'question' in body
      ? { ...body, question: { kpi: 'on_time_rate' } }
      : body;
  /** With everything that a body may have, and with as little: words that only the rooms behind can judge are often wrong. */
  const fittingOften = (body: JsonSchema) => {
    const { properties = {}, required = [] } = body as { properties?: Record<string, JsonSchema>; required?: string[] };
    const needed = Object.fromEntries(Object.entries(properties).filter(([name]) => required.includes(name)));
    return fc.oneof(fitting(body), fitting({ ...body, properties: needed }).map(answerable));
  };
  const withBody = (operation: Operation, body: fc.Arbitrary<unknown>) =>
    operation.body
      ? fc.tuple(realUrl(operation), body).map(([url, payload]) => ({ url, payload }))
      : realUrl(operation).map((url) => ({ url }));

  it('bodies that fit', async () => {
    const seen = await run((operation) =>
      withBody(operation, operation.body ? fittingOften(operation.body) : fc.constant(undefined)),
    );
    // Fitting bodies come past the schema: this test would be worthless if they did not.
    const onlyRefused = [...seen].filter(
      ([name, all]) => name.startsWith('POST') && all.size === 1 && all.has('invalid-request'),
    );
    expect(onlyRefused.map(([name]) => name)).toEqual([]);
  });

  it('bodies that nearly fit', () =>
    run((operation) =>
      withBody(operation, operation.body ? fitting(operation.body).chain(mutated) : fc.constant(undefined)),
    ));

  it('any JSON', () => run((operation) => withBody(operation, fc.jsonValue({ maxDepth: 4 })), Math.ceil(numRuns / 2)));

  it('wild addresses and queries', () =>
    run((operation) =>
      fc.tuple(fc.oneof(realUrl(operation), wildUrl(operation)), query(operation)).map(([url, search]) => ({
        url: `${url}?${search}`,
        ...(operation.body && { payload: {} }),
      })),
    ));

  it('hostile headers', () =>
    run(
      (operation) =>
        fc.tuple(realUrl(operation), hostileHeaders).map(([url, headers]) => ({
          url,
          headers: headers as Record<string, string>,
          ...(operation.body && { payload: {} }),
        })),
      Math.ceil(numRuns / 2),
    ));
});

it('the service is ready afterwards, with nothing parked', async () => {
  const { body } = await running.app.inject({ url: '/readyz' });
  const { status, checks } = JSON.parse(body);
  expect(status, body).toBe('ready');
  expect(checks.filter((check: { parkedStreams?: number }) => check.parkedStreams)).toEqual([]);
});
