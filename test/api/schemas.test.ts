import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeApi, fakeApi } from '../support/fakeApi.ts';
import { type JsonSchema, operationsOf } from '../support/routes.ts';

let fake: FakeApi;
beforeAll(async () => {
  fake = await fakeApi();
});
afterAll(() => fake.app.close());

const bounded = (schema: JsonSchema) => 'const' in schema || 'enum' in schema;

/** Places in a schema of input that an attacker could fill without end. */
function unbounded(schema: JsonSchema, at: string): string[] {
  const inner = (word: string): string[] =>
    Object.entries((schema[word] ?? {}) as Record<string, JsonSchema>).flatMap(([name, part]) =>
      unbounded(part, `${at}.${name}`),
    );
  const faults: string[] = [];
  if (schema.type === 'string' && !bounded(schema) && schema.maxLength === undefined) faults.push(`${at}: maxLength`);
  if (schema.type === 'array' && schema.maxItems === undefined) faults.push(`${at}: maxItems`);
  if ((schema.type === 'integer' || schema.type === 'number') && !bounded(schema)) {
    if (schema.minimum === undefined || schema.maximum === undefined) faults.push(`${at}: minimum and maximum`);
  }
  if (schema.type === 'object') {
    // The OpenAPI document writes a record as additionalProperties with a schema.
    const rest = schema.additionalProperties;
    if (typeof rest === 'object' && rest !== null) faults.push(...unbounded(rest as JsonSchema, `${at}.*`));
    const isRecord = typeof rest === 'object' && schema.maxProperties !== undefined;
    if (rest !== false && !isRecord) faults.push(`${at}: additionalProperties`);
  }
  const unions = ['anyOf', 'oneOf', 'allOf'].flatMap((word) => (schema[word] ?? []) as JsonSchema[]);
  return [
    ...faults,
    ...inner('properties'),
    ...(schema.items ? unbounded(schema.items as JsonSchema, `${at}[]`) : []),
    ...unions.flatMap((part) => unbounded(part, at)),
  ];
}

it('every string, list, number and object of every input is bounded', () => {
  const operations = operationsOf(fake.app);
  const inputs = operations.flatMap((operation) => [
    ...(operation.body ? [[`${operation.method} ${operation.path}`, operation.body] as const] : []),
    ...operation.parameters.map(
      (parameter) => [`${operation.path} ${parameter.in} ${parameter.name}`, parameter.schema] as const,
    ),
  ]);
  expect(inputs.length).toBeGreaterThan(40);
  expect(inputs.flatMap(([name, schema]) => unbounded(schema, name))).toEqual([]);
});

it('unknown query parameters are refused by every route', async () => {
  const key = fake.keyFor('admin');
  const queried = operationsOf(fake.app).filter(
    ({ method, parameters }) => method === 'GET' && parameters.some((p) => p.in === 'query'),
  );
  for (const { path } of queried) {
    const url = `${path.replaceAll(/\{\w+\}/g, 'x')}?unheard=1`;
    const answer = await fake.app.inject({ url, headers: { authorization: `Bearer ${key}` } });
    expect(answer.statusCode, url).toBe(400);
  }
});
