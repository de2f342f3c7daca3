import { beforeAll, describe, expect, test } from 'vitest';
import { migrate } from '../../src/database/migrate.ts';
import { projectionMigrations } from '../../src/projections/migrations.ts';
import { crashingDatabase, type Moment } from '../support/crashing-database.ts';
import { eachDatabase } from '../support/databases.ts';
import { memoryLog } from '../support/memory-log.ts';
import { interleaved } from '../support/order-history.ts';
import { digestsOf, forgetProjections, projectAll } from '../support/projecting.ts';

const orders = process.env.ORDERFOLD_SOAK ? 2_000 : 60;

eachDatabase('a runner that crashes at every await', (opened) => {
  beforeAll(() => migrate(opened().database, projectionMigrations));

  describe.each<Moment>(['before', 'after'])('%s it', (moment) => {
    test('leaves the tables of a fold from scratch', async () => {
      const { database } = opened();
      const log = memoryLog();
      for (const { stream, event } of interleaved(0, orders, 40)) log.record(stream, event);
      log.recordRaw('customer-C1', {
        type: 'CustomerRegistered',
        data: { customerId: 'C1', name: 'One', zone: 'UTC' },
      });

      await forgetProjections(database);
      const crashing = crashingDatabase(database, moment);
      await projectAll({ log, database: crashing.database, limits: { batchWeight: 30, cachedDocuments: 30 } });
      const crashed = await digestsOf(database);
      for (const what of [
        'projections-move',
        'load-order_status_g1',
        'upsert-order_status_g1',
        'add-kpi_daily_g1',
        'commit',
      ]) {
        expect(crashing.crashes).toContain(what);
      }

      await forgetProjections(database);
      await projectAll({ log, database });
      expect(crashed).toEqual(await digestsOf(database));
    });
  });
});
