import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { migrate } from '../../src/database/migrate.ts';
import type { Recorded } from '../../src/events/envelope.ts';
import { alertsProjection } from '../../src/projections/alerts/alerts.ts';
import { createAlertReader } from '../../src/projections/alerts/reader.ts';
import { watchesProjection } from '../../src/projections/alerts/watches.ts';
import { projectionMigrations } from '../../src/projections/migrations.ts';
import { rebuildProjection } from '../../src/projections/rebuild.ts';
import { eachDatabase } from '../support/databases.ts';
import { memoryLog } from '../support/memory-log.ts';
import { projectAll } from '../support/projecting.ts';

const folder = join(import.meta.dirname, '../events/golden');
const events = readdirSync(folder)
  .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recorded)
  .filter(({ stream }) => stream.startsWith('watch-'))
  .sort((one, other) => one.revision - other.revision);

eachDatabase('watches and alerts', (opened) => {
  test('are read as they were recorded, and a rebuild gives the same', async () => {
    const { database } = opened();
    await migrate(database, projectionMigrations);
    const log = memoryLog();
    // Read back in between, as after a restart.
    for (const event of events) {
      log.record(event.stream, event);
      await projectAll({ log, database });
    }
    const reader = createAlertReader(database);
    expect(await reader.watches({ limit: 10 })).toEqual([]);
    expect(await reader.watch('on-time-sea')).toMatchObject({
      version: 2,
      name: 'Cycle time, p90',
    });
    const { alerts } = await reader.alerts({ limit: 10 });
    expect(alerts).toMatchObject([
      { version: 2, status: 'cleared', because: 'watch-removed' },
      {
        version: 1,
        status: 'cleared',
        because: 'recovered',
        clearedBy: { num: 50 },
        acknowledgedAt: expect.any(String),
      },
    ]);
    const changes = await reader.changedSince('start', 10);
    expect(changes.map(({ alert }) => alert.version)).toEqual([1, 2]);
    expect(await reader.changedSince(changes[0]?.position ?? '', 10)).toEqual(changes.slice(1));
    for (const projection of [watchesProjection, alertsProjection]) {
      const done = await rebuildProjection({ log, database, projection });
      expect(done).toMatchObject({ kind: 'switched', verdict: { equal: true, differing: [] } });
    }
  });
});
