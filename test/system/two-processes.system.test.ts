import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createApiKeys } from '../../src/api/keys/store.ts';
import { concurrently } from '../../src/commands/concurrently.ts';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open.ts';
import { verifyStream } from '../../src/events/chain.ts';
import type { Recorded } from '../../src/events/envelope.ts';
import { openPostgresLog } from '../../src/events/log/postgres.ts';
import { projections } from '../../src/projections/all.ts';
import { rebuildProjection } from '../../src/projections/rebuild.ts';
import { type Random, seededRandom } from '../../src/simulate/random.ts';
import { type KeenClient, keenClient } from '../support/keen-client.ts';
import {
  type ModelledOrder,
  modelledQuantities,
  nextStep,
  placement,
  type ShownOrder,
  shownQuantities,
} from '../support/modelled-order.ts';
import { type MortalService, mortalService } from '../support/mortal-service.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { seedFor, soak } from '../support/seed.ts';

const sequences = soak ? 1_000 : 24;
const kills = soak ? 60 : 4;
const callers = soak ? 24 : 8;
const orderNoOf = ([first]: readonly Recorded[]): unknown =>
  (first?.data as { orderNo?: unknown } | undefined)?.orderNo;
const commandsPerSequence = 9; // about, to spread the kills

/** What was acknowledged for a key: these revisions of this stream are its events; none for a refusal. */
interface Acknowledged {
  readonly orderId: string;
  readonly from: number;
  readonly upTo: number;
}

describe.skipIf(!inject('postgresUrl'))('two services on one database, killed at random', () => {
  const seed = seedFor('two-processes');
  const data = mkdtempSync(join(tmpdir(), 'orderfold-two-'));
  let created: TestDatabase;
  let database: Database;
  let services: [MortalService, MortalService];
  let client: KeenClient;
  const acknowledged = new Map<string, Acknowledged>();
  const orders: ModelledOrder[] = [];

  beforeAll(async () => {
    created = (await createTestDatabase()) ?? expect.fail('there was a server before');
    const settings = {
      DATABASE_URL: created.url,
      ORDERFOLD_DATA: data,
      ORDERFOLD_PORT: '0',
      ORDERFOLD_DEMO: 'off',
      ORDERFOLD_LOG: 'warn',
      ORDERFOLD_RATE_LIMIT: '0',
      ORDERFOLD_POOL: '6',
    };
    services = [mortalService(settings), mortalService(settings)];
    await Promise.all(services.map((service) => service.url()));
    database = await openDatabase({ url: created.url, dataDirectory: '' });
    const keys = createApiKeys(database, () => new Date().toISOString());
    const created_ = await keys.create({ label: 'test', role: 'admin', createdBy: { id: 'test', operator: true } });
    client = keenClient(services, created_.text);
  });
  afterAll(async () => {
    for (const service of services) await service.stop();
    await database.close();
    await created.drop();
    await rm(data, { recursive: true, force: true });
  });

  /** Gives a command, now and then to both services at once, and takes its answer down. */
  async function give(random: Random, path: string, key: string, body: object) {
    const marked = { ...body, reason: { code: key } };
    const times = random.chance(0.1) ? 2 : 1;
    const answers = await Promise.all(Array.from({ length: times }, () => client.post(random, path, key, marked)));
    const [first, ...others] = answers;
    for (const other of others) expect(other).toEqual(first);
    return first ?? expect.fail('no answer');
  }

  /**
   * As if half a minute had passed, so that the test need not wait for the claims of the dead. Commands that the living
   * service is working on are taken over as well: all the harder.
   */
  const endLeases = () =>
    database.query({ text: 'update command_receipts set leased_until = clock_timestamp() where answer is null' });

  async function playSequence(index: number, afterEach: () => void): Promise<void> {
    const random = seededRandom(`${seed}/${index}`);
    const { body, order } = placement(random, `C-${random.between(1, 5)}`);
    const placeKey = `${index}/place`;
    const placed = await give(random, '/v1/orders', placeKey, body);
    expect(placed.status, JSON.stringify(placed.body)).toBe(201);
    order.orderId = (placed.body as ShownOrder).orderId;
    acknowledged.set(placeKey, { orderId: order.orderId, from: 0, upTo: order.version });
    orders.push(order);
    afterEach();
    const length = random.between(4, 12);
    for (let n = 0; n < length && order.commercial !== 'closed'; n += 1) {
      const step = nextStep(random, order);
      const key = `${index}/${n}`;
      const before = order.version;
      const answer = await give(random, `/v1/orders/${order.orderId}/${step.path}`, key, step.body);
      const shown = answer.body as ShownOrder & { code?: string };
      if (step.refused === undefined) {
        expect(answer.status, `${seed} ${key} ${step.path}: ${JSON.stringify(shown)}`).toBe(200);
        step.done(shown);
        expect(shown.version, `${seed} ${key} ${step.path}`).toBe(order.version);
        acknowledged.set(key, { orderId: order.orderId, from: before + 1, upTo: order.version });
      } else {
        expect([answer.status, shown.code], `${seed} ${key} ${step.path}`).toEqual([409, step.refused]);
        acknowledged.set(key, { orderId: order.orderId, from: 0, upTo: -1 });
      }
      afterEach();
    }
  }

  async function readLog(): Promise<Map<string, Recorded[]>> {
    const log = openPostgresLog(database);
    const stop = new AbortController();
    const streams = new Map<string, Recorded[]>();
    for await (const message of log.subscribe({ after: 'start', signal: stop.signal })) {
      if (message.kind === 'caught-up') break;
      if (message.kind !== 'event') continue;
      const { event } = message;
      streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
    }
    stop.abort();
    await log.close();
    return streams;
  }

  test(
    'lose no acknowledged command and apply none twice',
    async () => {
      const random = seededRandom(seed);
      for (let n = 1; n <= 5; n += 1) {
        const body = { customerId: `C-${n}`, name: `Customer ${n}`, zone: 'Europe/Berlin' };
        expect((await client.post(random, '/v1/customers', `customer-${n}`, body)).status).toBe(201);
      }
      const moments = Array.from({ length: kills }, () => random.between(1, sequences * commandsPerSequence * 0.8));
      const restarts: Promise<unknown>[] = [];
      let done = 0;
      const perhapsKill = () => {
        done += 1;
        for (const moment of moments) {
          if (moment !== done) continue;
          const victims = random.chance(0.25) ? services : [random.pick(services)];
          const patient = soak && random.chance(0.5);
          restarts.push(...victims.map((victim) => victim.killAndRestart().then(() => (patient ? [] : endLeases()))));
        }
      };
      const start = performance.now();
      await concurrently(Array.from({ length: sequences }).keys(), callers, (index) =>
        playSequence(index, perhapsKill),
      );
      await Promise.all(restarts);
      await Promise.all(services.map((service) => service.url()));
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      process.stdout.write(
        `two-processes: ${acknowledged.size} commands on ${orders.length} orders in ${seconds} s, ` +
          `${restarts.length} kills, repeats ${JSON.stringify(Object.fromEntries(client.repeats))}\n`,
      );
      expect(restarts.length).toBeGreaterThanOrEqual(kills / 2);

      const streams = await readLog();
      const events = [...streams.values()].flat();
      expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(events.length);
      const numbers = orders.map(({ orderId }) => orderNoOf(streams.get(`order-${orderId}`) ?? []));
      expect(new Set(numbers).size, 'order numbers').toBe(orders.length);
      for (const [stream, recorded] of streams) {
        expect(await verifyStream(stream, recorded)).toMatchObject({ ok: true });
      }
      for (const [key, { orderId, from, upTo }] of acknowledged) {
        const recorded = streams.get(`order-${orderId}`) ?? [];
        const own = recorded.filter(({ metadata }) => metadata.reason?.code === key);
        const expected = Array.from({ length: upTo - from + 1 }, (_, n) => from + n);
        expect(
          own.map(({ revision }) => revision),
          `${seed} ${key}`,
        ).toEqual(expected);
        expect(new Set(own.map(({ metadata }) => metadata.commandId)).size).toBe(upTo < from ? 0 : 1);
      }
      const expectedEvents = orders.reduce((sum, { version }) => sum + version + 1, 5);
      expect(events.length, 'nothing but what was acknowledged').toBe(expectedEvents);
    },
    soak ? 1_200_000 : 120_000,
  );

  test('show in the end what a model of the orders says', async () => {
    for (const order of orders) {
      const { body } = await client.get(`/v1/orders/${order.orderId}?version=${order.version}`);
      const shown = body as ShownOrder;
      expect(shown.version).toBe(order.version);
      expect(shown.commercial).toBe(order.commercial);
      expect(shownQuantities(shown), order.orderId).toEqual(modelledQuantities(order));
      expect(shown.shipments).toHaveLength(order.shipments.size);
      expect(shown.deliveryErrors).toHaveLength(order.errors);
      expect(shown.holds.map(({ holdId }) => holdId)).toEqual(order.holds);
    }
  });

  test('stop when asked, and leave read models that equal a fold from scratch', async () => {
    const head = await openPostgresLog(database).head();
    await expect
      .poll(
        async () => {
          const rows = await database.query<{ position: string }>({
            text: `select position from projection_generations`,
          });
          return rows.every(({ position }) => position >= head);
        },
        { timeout: 60_000 },
      )
      .toBe(true);
    for (const service of services) {
      expect(await service.stop(), service.words().join('\n')).toEqual({ code: 0, signal: null });
    }
    const log = openPostgresLog(database);
    for (const projection of projections) {
      const rebuilt = await rebuildProjection({ log, database, projection });
      expect(rebuilt, projection.name).toMatchObject({ kind: 'switched', verdict: { equal: true, differing: [] } });
    }
    await log.close();
    const quantities = await database.query<{ order_id: string; rows: string }>({
      text: `select order_id, json_agg(json_build_array(ordered, cancelled, promised, shipped, delivered) order by line_no) as rows
             from order_lines group by order_id`,
    });
    expect(Object.fromEntries(quantities.map(({ order_id, rows }) => [order_id, JSON.parse(rows)]))).toEqual(
      Object.fromEntries(orders.map((order) => [order.orderId, modelledQuantities(order)])),
    );
  });
});
