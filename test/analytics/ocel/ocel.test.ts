import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { type OcelOptions, ocelJson, TooManyObjects } from '../../../src/analytics/ocel/ocel.ts';
import type { Recorded } from '../../../src/events/envelope.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { randomLife } from '../../support/order-commands.ts';
import { interleaved } from '../../support/order-history.ts';
import { eventsOfLife } from '../../support/random-history.ts';
import { ocelSchema } from './published-schema.ts';

/** The JSON format as ocel-standard.org describes it (OCEL 2.0, specification, formats, JSON), closed against anything else. */
const only = <T extends Parameters<typeof Type.Object>[0]>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });
const name = Type.String({ minLength: 1 });
const time = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$' });
const value = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
const attributeType = Type.Enum(['string', 'time', 'integer', 'float', 'boolean']);
const types = Type.Array(only({ name, attributes: Type.Array(only({ name, type: attributeType })) }));
const relationships = Type.Array(only({ objectId: name, qualifier: name }));
const Ocel = only({
  eventTypes: types,
  objectTypes: types,
  events: Type.Array(
    only({ id: name, type: name, time, attributes: Type.Array(only({ name, value })), relationships }),
  ),
  objects: Type.Array(
    only({ id: name, type: name, attributes: Type.Array(only({ name, time, value })), relationships }),
  ),
});
type Log = Static<typeof Ocel>;

async function* each(events: readonly Recorded[]): AsyncGenerator<Recorded> {
  yield* events;
}

const validator = new Ajv({ allErrors: true, strict: true });
formats.default(validator);
const published = validator.compile(ocelSchema);

async function exported(events: readonly Recorded[], options: OcelOptions = {}): Promise<Log> {
  let text = '';
  for await (const piece of ocelJson(each(events), options)) text += piece;
  const log: unknown = JSON.parse(text);
  expect([...Value.Errors(Ocel, log)]).toEqual([]);
  // The published schema knows values as text only, against the examples of the standard.
  published(log);
  const errors = published.errors?.filter(({ instancePath }) => options.textValues || !instancePath.endsWith('/value'));
  expect(errors ?? []).toEqual([]);
  return log as Log;
}

/** A value that was written as text has the form of its declared type. */
function readAs(type: string, value: string): unknown {
  if (type === 'float' || type === 'integer') return value.trim() === '' ? value : Number(value);
  return type === 'boolean' && (value === 'true' || value === 'false') ? value === 'true' : value;
}

const jsonTypes: Readonly<Record<string, string>> = {
  string: 'string',
  time: 'string',
  float: 'number',
  integer: 'number',
  boolean: 'boolean',
};

/** What the format demands beyond its shape. */
function consistent({ eventTypes, objectTypes, events, objects }: Log): void {
  const ids = new Set(objects.map(({ id }) => id));
  expect(ids.size).toBe(objects.length);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  for (const [entries, declared] of [
    [events, eventTypes],
    [objects, objectTypes],
  ] as const) {
    const attributesOf = new Map(
      declared.map((one) => [one.name, new Map(one.attributes.map((a) => [a.name, a.type]))]),
    );
    for (const { id, type, attributes, relationships: related } of entries) {
      expect(attributesOf.has(type), type).toBe(true);
      for (const attribute of attributes) {
        const declaredType = attributesOf.get(type)?.get(attribute.name);
        expect(typeof attribute.value, `${id} ${attribute.name}`).toBe(jsonTypes[declaredType ?? 'undeclared']);
      }
      expect(related.filter(({ objectId }) => !ids.has(objectId))).toEqual([]);
      const pairs = related.map(({ objectId, qualifier }) => `${objectId} ${qualifier}`);
      expect(new Set(pairs).size).toBe(pairs.length);
    }
  }
  for (const { attributes } of objects) {
    const times = attributes.map((attribute) => attribute.time);
    expect(times).toEqual(times.toSorted());
  }
  for (const { relationships: related } of events) {
    expect(new Set(related.map(({ objectId }) => objectId)).size).toBe(related.length);
  }
}

function typicalLog(orders: number): readonly Recorded[] {
  const log = memoryLog();
  for (const { stream, event } of interleaved(1, orders)) log.record(stream, event);
  return log.events;
}

describe('an object-centric event log', () => {
  it('is complete and consistent for any history', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(randomLife, { minLength: 1, maxLength: 4 }), async (lives) => {
        const log = memoryLog();
        for (const [serial, life] of lives.entries()) {
          const { stream, events } = eventsOfLife(life, serial);
          log.record(stream, ...events);
        }
        const told = await exported(log.events);
        consistent(told);
        expect(told.events.map(({ id }) => id)).toEqual(log.events.map(({ eventId }) => eventId));
      }),
      { numRuns: 40 },
    );
  });

  it('tells what belongs together', async () => {
    const { objects, events } = await exported(typicalLog(1));
    const counts: Record<string, number> = {};
    for (const { type } of objects) counts[type] = (counts[type] ?? 0) + 1;
    expect(counts).toEqual({
      order: 1,
      customer: 1,
      line: 3,
      item: 3,
      'schedule-line': 3,
      shipment: 2,
    });
    const shipped = events.find(({ type }) => type === 'LinesShipped');
    expect(shipped?.relationships.map(({ qualifier }) => qualifier).toSorted()).toEqual([
      'line',
      'line',
      'order',
      'schedule line',
      'schedule line',
      'shipment',
    ]);
  });

  it('shows a moved promise as a change of its schedule line', async () => {
    const log = memoryLog();
    const qty = { value: '5', uom: 'C62' };
    const promise = (deliverOn: string) => ({ deliverOn, zone: 'UTC' });
    log.recordRaw(
      'order-1',
      {
        type: 'PromiseCommitted',
        data: {
          orderNo: 'T',
          lines: [{ lineNo: 1, scheduleLines: [{ scheduleId: '1.1', qty, promise: promise('2026-03-09') }] }],
        },
        occurredAt: '2026-03-01T08:00:00.000Z',
      },
      {
        type: 'PromiseRevised',
        data: {
          orderNo: 'T',
          initiator: 'supplier',
          customerAgreed: false,
          scheduleLines: [{ lineNo: 1, scheduleId: '1.1', from: promise('2026-03-09'), to: promise('2026-03-12') }],
        },
        occurredAt: '2026-03-05T08:00:00.000Z',
      },
    );
    const { objects, events } = await exported(log.events);
    const promised = objects
      .find(({ type }) => type === 'schedule-line')
      ?.attributes.filter((a) => a.name === 'promised_on');
    expect(promised).toEqual([
      { name: 'promised_on', time: '2026-03-01T08:00:00.000Z', value: '2026-03-09' },
      { name: 'promised_on', time: '2026-03-05T08:00:00.000Z', value: '2026-03-12' },
    ]);
    expect(events[1]?.attributes).toContainEqual({ name: 'initiator', value: 'supplier' });
  });

  it('is narrowed by time, with what was known of the objects before', async () => {
    const events = typicalLog(30);
    const from = '2026-01-20T00:00:00.000Z';
    const to = '2026-01-25T00:00:00.000Z';
    const told = await exported(events, { from, to });
    consistent(told);
    const within = events.filter(({ metadata: { occurredAt } }) => occurredAt >= from && occurredAt < to);
    expect(told.events.map(({ id }) => id)).toEqual(within.map(({ eventId }) => eventId));
    expect(
      told.objects
        .filter(({ type }) => type === 'order')
        .every(({ attributes }) => attributes.some((a) => a.name === 'order_no')),
    ).toBe(true);
  });

  it('fits the published schema where all values are wanted as text, and says the same', async () => {
    const events = typicalLog(5);
    const [native, texts] = [await exported(events), await exported(events, { textValues: true })];
    consistent(native);
    const types = new Map(
      [...texts.objectTypes, ...texts.eventTypes].flatMap(({ name: of, attributes }) =>
        attributes.map((one) => [`${of} ${one.name}`, one.type] as const),
      ),
    );
    const again = <E extends Log['events'][number] | Log['objects'][number]>(entry: E): E => ({
      ...entry,
      attributes: entry.attributes.map((attribute) => ({
        ...attribute,
        value: readAs(types.get(`${entry.type} ${attribute.name}`) ?? '', String(attribute.value)),
      })),
    });
    expect({ ...texts, events: texts.events.map(again), objects: texts.objects.map(again) }).toEqual(native);
  });

  it('is narrowed to some kinds of objects', async () => {
    const told = await exported(typicalLog(3), { objectTypes: ['order', 'shipment'] });
    consistent(told);
    expect(new Set(told.objects.map(({ type }) => type))).toEqual(new Set(['order', 'shipment']));
    expect(told.objectTypes.map((one) => one.name)).toEqual(['order', 'shipment']);
  });

  it('names nobody', async () => {
    const log = memoryLog();
    for (const { stream, event } of interleaved(1, 2)) {
      log.record(stream, {
        ...event,
        metadata: {
          ...event.metadata,
          actor: { kind: 'user', id: 'jane.roe', via: 'api' },
          reason: { code: 'price', text: 'as Jane said' },
        },
      });
    }
    const text = JSON.stringify(await exported(log.events));
    expect(text).not.toMatch(/jane/i);
    expect(text).toContain('"price"');
  });

  it('goes on after an event that it cannot read, and breaks off where it is too large', async () => {
    const log = memoryLog();
    log.recordRaw('order-1', { type: 'OrderEaten', data: {} }, { type: 'OrderAccepted', data: { orderNo: 'T' } });
    consistent(await exported(log.events));
    expect((await exported(log.events)).events.map(({ type }) => type)).toEqual(['OrderEaten', 'OrderAccepted']);
    await expect(exported(typicalLog(5), { maxObjects: 10 })).rejects.toThrow(TooManyObjects);
  });
});
