import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Journal, openJournal } from '../src/analytics/journal/journal.ts';
import type { EventLog } from '../src/events/log/port.ts';
import type { House } from '../src/main/compose.ts';
import { projections } from '../src/projections/all.ts';
import { rebuildProjection } from '../src/projections/rebuild.ts';
import { createRunner } from '../src/projections/runner.ts';
import { registerCustomers } from '../src/simulate/play.ts';
import { eachInstallation } from './installation.ts';
import { type Comparison, comparisonTable, interleaved, type Result, tell, type Variant } from './measure.ts';
import { beforeAll, loadOrders, typicalOrders } from './orders.ts';
import { activeOrders, journalEvents } from './settings.ts';

const fromLog = 'read from the log, a subscription';
const rebuiltFromLog = 'all read models rebuilt from the log';

/** Events per second into the journal and out of it again, against the log itself. */
export async function benchJournal(): Promise<Result> {
  const comparisons: Comparison[] = [];
  const remarks: string[] = [];
  await eachInstallation(async ({ name, open }) => {
    const house = await open();
    const directory = mkdtempSync(join(tmpdir(), 'orderfold-bench-journal-'));
    try {
      await registerCustomers(house, beforeAll);
      tell(`${name}: appending ${journalEvents} events`);
      await loadOrders(house.log, typicalOrders(Math.ceil(journalEvents / 10)), activeOrders);
      const events = await heard(house.log);
      const journal = await opened(house.log, join(directory, 'kept'));
      await journal.caughtUp();
      const { bytes, events: held, eventsInMemory } = journal.standing();
      remarks.push(
        `${name}: ${Math.round(bytes / (held - eventsInMemory))} bytes an event in files, with everything it carries.`,
      );
      const reading = await interleaved(name, readingOn(house.log, journal, directory, events));
      comparisons.push({ situation: name, rival: fromLog, measured: reading });
      await projectAll(house);
      const rebuilding = await interleaved(name, rebuildingOn(house, journal, events));
      comparisons.push({ situation: name, rival: rebuiltFromLog, measured: rebuilding });
      await journal.close();
    } finally {
      await house.close();
      await rm(directory, { recursive: true, force: true });
    }
  });
  return {
    name: 'journal',
    about:
      `Events per second into the journal and out of it, from ${journalEvents.toLocaleString('en-US')} events of typical orders. ` +
      'Written: from nothing, by COPY, synced. Opened: an existing journal, its files checked and compared with the log, until it has caught up. ' +
      'Read: every event parsed, exactly as the log gives it. Columns: as typed arrays, nothing parsed. The rival is the same log, read as ' +
      'every other reader reads it.',
    table: comparisonTable('events/s', comparisons),
    remarks,
  };
}

const opened = (log: EventLog, directory: string): Promise<Journal> =>
  openJournal({
    log,
    directory,
    report: ({ message, error }) => {
      throw new Error(message, { cause: error });
    },
  });

function readingOn(log: EventLog, journal: Journal, directory: string, events: number): Variant<number>[] {
  const perSecond = async (work: () => Promise<number>): Promise<number> => {
    const start = performance.now();
    const done = await work();
    if (done !== events) throw new Error(`${done} events instead of ${events}`);
    return done / ((performance.now() - start) / 1000);
  };
  let serial = 0;
  const caughtUp = async (place: string): Promise<number> => {
    const own = await opened(log, place);
    await own.caughtUp();
    const { events } = own.standing();
    await own.close();
    return events;
  };
  return [
    { name: 'written', run: () => perSecond(() => caughtUp(join(directory, String(++serial)))) },
    { name: 'opened', run: () => perSecond(() => caughtUp(join(directory, String(serial)))) },
    { name: 'read from the journal', run: () => perSecond(() => counted(journal.read('start'), () => 1)) },
    {
      name: 'columns of the journal',
      run: () => perSecond(() => counted(journal.columns('start'), ({ events }) => events)),
    },
    { name: fromLog, run: () => perSecond(() => heard(log)) },
  ];
}

function rebuildingOn({ database, log }: House, journal: Journal, events: number): Variant<number>[] {
  const rebuilt = async (source: Pick<EventLog, 'subscribe'>): Promise<number> => {
    const start = performance.now();
    for (const projection of projections) {
      const done = await rebuildProjection({ log, archive: source, database, projection });
      if (done.kind !== 'switched' || !done.verdict.equal)
        throw new Error(`${projection.name} was rebuilt differently`);
    }
    return events / ((performance.now() - start) / 1000);
  };
  return [
    { name: 'all read models rebuilt from the journal', run: () => rebuilt(journal) },
    { name: rebuiltFromLog, run: () => rebuilt(log) },
  ];
}

async function counted<T>(source: AsyncIterable<T>, count: (one: T) => number): Promise<number> {
  let total = 0;
  for await (const one of source) total += count(one);
  return total;
}

async function heard(log: EventLog): Promise<number> {
  const stop = new AbortController();
  let events = 0;
  for await (const { kind } of log.subscribe({ after: 'start', signal: stop.signal })) {
    if (kind === 'event') events += 1;
    if (kind === 'caught-up') break;
  }
  stop.abort();
  return events;
}

async function projectAll({ log, database }: House): Promise<void> {
  const runner = createRunner({ log, database, projections, report: ({ message }) => tell(message) });
  const head = await log.head();
  runner.start();
  if (head !== 'start' && !(await runner.waitFor(head, { timeoutMs: 600_000 }))) throw new Error('Not projected');
  await runner.stop();
}
