import { beforeEach, expect, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { projections } from '../../src/projections/all.ts';
import { isIntact } from '../../src/projections/certificates/certificate.ts';
import { findCertificate, listCertificates } from '../../src/projections/certificates/store.ts';
import { differenceText } from '../../src/projections/certificates/words.ts';
import { customersProjection } from '../../src/projections/customers.ts';
import { projectionMigrations } from '../../src/projections/migrations.ts';
import { ordersProjection } from '../../src/projections/orders/projection.ts';
import type { Projection, Row } from '../../src/projections/projection.ts';
import { dropBuilt, NothingBuilt, rebuildProjection, rollBackGeneration } from '../../src/projections/rebuild.ts';
import { generationsOf } from '../../src/projections/registry.ts';
import { eachDatabase } from '../support/databases.ts';
import { type MemoryLog, memoryLog } from '../support/memory-log.ts';
import { interleaved } from '../support/order-history.ts';
import { forgetProjections, projectAll } from '../support/projecting.ts';

/** The next version of a projection, whose rows of one table are made otherwise. */
const next = (projection: Projection, table: string, change: (row: Row) => Row): Projection => ({
  ...projection,
  version: projection.version + 1,
  tables: projection.tables.map((one) =>
    one.name === table
      ? { ...one, rows: (after: unknown, before: unknown) => one.rows(after, before).map(change) }
      : one,
  ),
});

eachDatabase('a certificate', (opened) => {
  let database: Database;
  let log: MemoryLog;
  let orders: { readonly order_id: string; readonly order_no: string; readonly status: string }[];
  beforeEach(async () => {
    database = opened().database;
    log = memoryLog();
    await migrate(database, projectionMigrations);
    await forgetProjections(database);
    for (const { stream, event } of interleaved(0, 12, 6)) log.record(stream, event);
    await projectAll({ log, database });
    orders = await database.query({ text: 'select order_id, order_no, status from order_status order by order_no' });
  });
  const rebuild = (projection: Projection, step?: 'compare' | 'switch') =>
    rebuildProjection({ log, database, projection, ...(step && { step }) });
  const compare = async (projection: Projection) => {
    const result = await rebuild(projection, 'compare');
    if (result.kind !== 'compared') throw new Error(`Not compared: ${result.kind}`);
    return result.certificate;
  };
  const states = async (): Promise<string[]> =>
    (await generationsOf(database, 'orders')).map(({ generation, state }) => `${generation} ${state}`);

  test('tells what it covers, is kept, and shows when it was changed', async () => {
    const concerning = log.events.filter(({ type }) => type in ordersProjection.handles);
    const done = await rebuild(ordersProjection);
    if (done.kind !== 'switched') throw new Error(done.kind);
    const { certificate } = done;
    expect(certificate).toMatchObject({
      ...{ projection: 'orders', version: 1, generation: 2, verdict: 'equal', differing: 0, source: 'log' },
      covered: { first: concerning[0]?.position, last: await log.head(), events: concerning.length },
    });
    expect(certificate.tables.map(({ table, rows }) => [table, rows])).toContainEqual(['order_status', orders.length]);
    expect(await findCertificate(database, certificate.id)).toEqual(certificate);
    expect((await listCertificates(database, { projection: 'orders', limit: 1 }))[0]).toMatchObject({
      ...{ id: certificate.id, verdict: 'equal', events: concerning.length },
    });
    expect(isIntact(certificate)).toBe(true);
    expect(isIntact({ ...certificate, verdict: 'different' })).toBe(false);
    expect(await findCertificate(database, 'unknown')).toBeUndefined();
  });

  test('names every row that differs, how, why, and its last event', async () => {
    const [changed, lost] = orders;
    if (!changed || !lost) throw new Error('No orders');
    await database.execute(`
      update order_status_g1 set status = 'tampered' where order_id = '${changed.order_id}';
      delete from order_status_g1 where order_id = '${lost.order_id}';
      insert into order_lines_g1 (order_id, line_no, sku) values ('nobody', 7, 'X')`);
    const certificate = await compare(ordersProjection);
    expect(certificate).toMatchObject({ verdict: 'different', differing: 3 });
    const found = Object.fromEntries(certificate.differences.map((one) => [one.name, one]));
    const last = log.events.filter(({ stream }) => stream === `order-${changed.order_id}`).at(-1);
    expect(found[`order ${changed.order_no}`]).toMatchObject({
      ...{ table: 'order_status', kind: 'changed', cause: 'changed-outside' },
      fields: [{ field: 'status', shown: 'tampered', rebuilt: changed.status }],
      lastEvent: { stream: `order-${changed.order_id}`, revision: last?.revision, type: last?.type },
    });
    expect(found[`order ${lost.order_no}`]).toMatchObject({ kind: 'only-rebuilt', cause: 'missing', fields: [] });
    expect(found['order nobody, line 7']).toMatchObject({ kind: 'only-shown', cause: 'not-in-log' });
    expect(await states()).toEqual(['2 building', '1 active']);
  });

  test('a row of a parked stream differs because of that', async () => {
    const [first] = orders;
    await database.execute(`
      update order_status_g1 set status = 'old' where order_id = '${first?.order_id}';
      insert into parked_streams (projection, generation, stream, code, cause)
        values ('orders', 1, 'order-${first?.order_id}', 'handler-failed', 'x')`);
    expect((await compare(ordersProjection)).differences).toMatchObject([{ cause: 'parked-stream' }]);
  });

  test('a new version shows exactly the rows and fields it changes, then is switched and taken back', async () => {
    const wanted = orders.filter(({ status }) => status === orders[0]?.status);
    const wrong = next(ordersProjection, 'order_status', (row) =>
      row.status === orders[0]?.status ? { ...row, status: 'odd' } : row,
    );
    await expect(rebuild(wrong, 'switch')).rejects.toBeInstanceOf(NothingBuilt);
    const certificate = await compare(wrong);
    expect(certificate).toMatchObject({ verdict: 'new-version', version: 2, differing: wanted.length });
    expect(certificate.differences.map((one) => [one.name, differenceText(one), one.cause])).toEqual(
      wanted
        .toSorted((a, b) => (a.order_id < b.order_id ? -1 : 1))
        .map(({ order_no, status }) => [`order ${order_no}`, `status ${status} → odd`, 'new-version']),
    );
    expect(await states()).toEqual(['2 building', '1 active']);
    expect(await rebuild(wrong, 'switch')).toMatchObject({ kind: 'switched', generation: 2 });
    const odd = { text: `select count(*)::integer as n from order_status where status = 'odd'` };
    expect(await database.query(odd)).toEqual([{ n: wanted.length }]);
    await rollBackGeneration({ database, log }, wrong);
    expect(await database.query(odd)).toEqual([{ n: 0 }]);
    expect(await states()).toEqual(['2 previous', '1 active']);
  });

  test('columns that only one version has are named, the others compared; what was built can be dropped', async () => {
    log.recordRaw('customer-C1', { type: 'CustomerRegistered', data: { customerId: 'C1', name: 'One', zone: 'UTC' } });
    await projectAll({ log, database });
    const [table] = customersProjection.tables;
    if (!table) throw new Error('No table');
    const { country: _, ...fewer } = table.columns;
    const wider = {
      ...customersProjection,
      version: 2,
      tables: [{ ...table, columns: { ...fewer, colour: 'text' } }],
    } as const;
    const certificate = await compare(wider);
    expect(certificate).toMatchObject({ differing: 0, verdict: 'new-version' });
    expect(certificate.tables).toMatchObject([{ rows: 1, columns: { added: ['colour'], removed: ['country'] } }]);
    expect(await dropBuilt(database, wider)).toBe(true);
    expect(await dropBuilt(database, wider)).toBe(false);
  });

  test('every read model of the product is equal to a fold from scratch', async () => {
    for (const projection of projections) expect((await compare(projection)).verdict, projection.name).toBe('equal');
  });
});
