import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { copyAt } from '../../../src/audit/erasure/copies.ts';
import { verifyStream } from '../../../src/events/chain.ts';
import type { Recorded } from '../../../src/events/envelope.ts';
import { projections } from '../../../src/projections/all.ts';
import { rebuildProjection } from '../../../src/projections/rebuild.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { ApiClient, customer, order } from '../../support/client.ts';
import { shownHead } from '../../support/shown.ts';

const persons = process.env.ORDERFOLD_SOAK === undefined ? 20 : 100;

/** Words that are found nowhere else. */
const detailsOf = (n: number) => ({
  name: `Qnamen${n}x Vornamzz`,
  email: `qmail${n}x@zqdomain.test`,
  phone: `+49 30 7199${String(n).padStart(3, '0')}1`,
  address: { lines: [`Qstrasse${n}x 5`], city: `Qstadt${n}x` },
});
const traces = Array.from({ length: persons }, (_, n) => detailsOf(n)).flatMap(({ name, email, phone, address }) => [
  name.split(' ')[0] ?? '',
  email,
  phone,
  ...address.lines,
  address.city,
]);

const copyOf = (place: string) => ({ place, holds: 'nothing', about: '' }) as const;
const tracesIn = (text: string): string[] => traces.filter((trace) => text.includes(trace));

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

describe('after the erasure of persons', () => {
  const logged: string[] = [];
  let running: TestApp;
  let admin: ApiClient;
  const ids: string[] = [];
  const answers: string[] = [];
  let wrapped: string[];
  let numbers: string;

  const files = () => filesBelow(running.house.config.data);
  const inFiles = () => files().flatMap((path) => tracesIn(readFileSync(path, 'latin1')).map((trace) => [path, trace]));
  const kpis = async (): Promise<string> => {
    const asked = { kpis: ['cycle_time', 'on_time_rate'], zone: 'UTC' };
    const { rows } = (await admin.post('/v1/analytics/query', asked)).json();
    return JSON.stringify(rows.map((row: { kpis: unknown }) => row.kpis));
  };
  const deliver = async (orderId: string): Promise<void> => {
    await admin.post(`/v1/orders/${orderId}/accept`);
    const lines = [{ lineNo: 1 }, { lineNo: 2 }];
    await admin.post(`/v1/orders/${orderId}/shipments`, { shipmentId: 'S-1', lines });
    await admin.post(`/v1/orders/${orderId}/shipments/S-1/deliveries`);
  };
  /** A person that is added, named by an order and changed; with requests that are refused. */
  const live = async (n: number): Promise<string> => {
    const details = detailsOf(n);
    const { contactId } = (await admin.post('/v1/customers/C-1/contacts', details)).json();
    const placed = await admin.post('/v1/orders', order('C-1', { shipTo: { zone: 'UTC', contactId } }));
    if (n < 3) await deliver(placed.json().orderId);
    await admin.post(`/v1/contacts/${contactId}/changes`, { phone: details.phone });
    // What is wrong with a body is told without repeating it.
    for (const wrong of [
      { ...details, email: 'none' },
      { name: details.name, more: details.email },
    ])
      answers.push((await admin.post('/v1/customers/C-1/contacts', wrong)).body);
    return contactId;
  };
  const recorded = async (): Promise<Recorded[]> => {
    const events: Recorded[] = [];
    for await (const message of running.house.log.subscribe({ after: 'start', signal: new AbortController().signal })) {
      if (message.kind === 'caught-up') break;
      if (message.kind === 'event') events.push(message.event);
    }
    return events;
  };

  beforeAll(async () => {
    const logger = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
    running = await startApp({ database: 'pglite', logger });
    admin = new ApiClient(running.app, await running.keyFor('admin'));
    await admin.post('/v1/customers', customer());
    ids.push(...(await Promise.all(Array.from({ length: persons }, (_, n) => live(n)))));
    const head = await shownHead(running.house);
    const shown = await admin.getAt(`/v1/contacts/${ids[0]}`, head);
    expect(tracesIn(shown.body)).toHaveLength(5);
    await vi.waitUntil(async () => (await kpis()).includes('"den":3'), { timeout: 10_000 });
    numbers = await kpis();
    const keys = await running.house.database.query<{ wrapped: string }>({
      text: `select wrapped from person_keys where owner not like 'purpose:%'`,
    });
    wrapped = keys.map((key) => key.wrapped);
    await running.house.database.query({ text: 'checkpoint' });
    expect(inFiles(), 'nothing was ever written in plain').toEqual([]);
    const erase = (personId: string) => admin.post(`/v1/persons/${personId}/erase`, { reason: { code: 'gdpr-17' } });
    for (const { statusCode, body } of await Promise.all(ids.map(erase))) expect(statusCode, body).toBe(200);
  });
  afterAll(() => running.close());

  it('no byte of them lies in any file, table, journal or log line, nor was in the answers of failures', async () => {
    await running.house.database.query({ text: 'checkpoint' });
    expect(files().some((path) => path.includes('journal'))).toBe(true);
    expect(inFiles()).toEqual([]);
    const tables = await running.house.database.query<{ name: string }>({
      text: `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'`,
    });
    for (const { name } of tables) {
      const [whole] = await running.house.database.query<{ text: string }>({
        text: `select coalesce(string_agg(t::text, ' '), '') as text from ${name} t`,
      });
      expect(tracesIn(whole?.text ?? ''), name).toEqual([]);
    }
    expect(logged.length).toBeGreaterThan(0);
    expect(tracesIn(logged.join('\n'))).toEqual([]);
    expect(tracesIn(answers.join('\n'))).toEqual([]);
  });

  it('their keys are in no file of the tables either', () => {
    const tables = files().filter((path) => path.includes('/base/'));
    expect(tables.length).toBeGreaterThan(0);
    const bytes = tables.map((path) => readFileSync(path, 'latin1'));
    expect(wrapped.filter((key) => bytes.some((text) => text.includes(key)))).toEqual([]);
  });

  it('every table and file there is says what it holds of persons, and what holds them in plain can forget', async () => {
    const tables = await running.house.database.query<{ name: string }>({
      text: `select table_name as name from information_schema.tables
             where table_schema = 'public' and table_type = 'BASE TABLE'`,
    });
    const places = [
      ...tables.map(({ name }) => `table ${name}`),
      ...readdirSync(running.house.config.data).map((name) => `file ${name}`),
    ];
    expect(places.length).toBeGreaterThan(20);
    const { copies } = running.house;
    expect(places.filter((place) => !copyAt(copies, place))).toEqual([]);
    expect(copies.filter(({ holds, forget }) => (holds === 'plain') !== (forget !== undefined))).toEqual([]);
    const unused = copies.filter(
      ({ place }) => !place.startsWith('memory') && !places.some((one) => copyAt([copyOf(place)], one)),
    );
    expect(unused.map(({ place }) => place)).toEqual([
      'file audit',
      'file demo.json',
      'file demo-keys.json',
      'file exports',
    ]);
  });

  it('the chains of all streams hold', async () => {
    const streams = new Map<string, Recorded[]>();
    for (const event of await recorded()) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
    expect(streams.size).toBeGreaterThan(persons * 3);
    for (const [stream, events] of streams)
      expect(await verifyStream(stream, events), stream).toMatchObject({ ok: true });
  });

  it('every read model is rebuilt equal', async () => {
    const { database, log, projected } = running.house;
    await projected();
    await running.house.runner.stop();
    for (const projection of projections)
      expect(await rebuildProjection({ log, database, projection }), projection.name).toMatchObject({
        kind: 'switched',
        verdict: { equal: true },
      });
    running.house.runner.start();
  });

  it('numbers are what they were, and everybody is told that the persons are gone', async () => {
    expect(await kpis()).toBe(numbers);
    const { contacts } = (await admin.get('/v1/customers/C-1/contacts?limit=200')).json();
    expect(contacts).toHaveLength(persons);
    for (const contact of contacts) expect(contact).toMatchObject({ name: '[erased]', email: '[erased]' });
    const { events } = (await admin.get(`/v1/persons/${ids[0]}`)).json();
    expect(events[0].data).toMatchObject({ name: '[erased]', address: '[erased]' });
  });
});
