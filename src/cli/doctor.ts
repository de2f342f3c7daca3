import { Command } from '@commander-js/extra-typings';
import { readConfig } from '../config.ts';
import { type House, openHouse } from '../main/compose.ts';
import { createLogger } from '../main/logger.ts';
import { readModels } from '../main/read-models.ts';
import { listParked } from '../projections/quarantine/parked.ts';
import { activeGeneration } from '../projections/registry.ts';
import { DifferenceFound } from './exit.ts';
import { failureOf } from './failure.ts';
import { type Output, table } from './output.ts';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** `orderfold doctor`: looks at everything the service needs and says what is wrong and what to do. */
export function doctorCommand(output: Output) {
  return new Command('doctor')
    .description('Check settings, database, log and read models')
    .option('--json', 'answer as JSON')
    .action(async ({ json }) => {
      const findings = await examine();
      const bad = findings.filter(({ ok }) => !ok);
      const rows = findings.map(({ what, ok, detail }) => [ok ? 'ok' : 'WRONG', what, detail]);
      output.data(json ? JSON.stringify({ ok: bad.length === 0, findings }) : table(['', 'what', 'found'], rows));
      if (bad.length > 0)
        throw new DifferenceFound(`${bad.length} of ${findings.length} checks found something wrong.`);
    });
}

const finding = (what: string, ok: boolean, detail: string): Finding => ({ what, ok, detail });

const message = (error: unknown): string => failureOf(error).message;

/** One check after the other; what fails is a finding, and what depends on it is left out. */
async function examine(): Promise<readonly Finding[]> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const node = finding(
    'Node.js',
    major > 20 || (major === 20 && minor >= 19),
    `${process.version} (20.19 or later is needed)`,
  );
  let house: House;
  try {
    house = await openHouse(readConfig(), createLogger('silent'));
  } catch (error) {
    return [node, finding('settings, database and schema', false, message(error))];
  }
  try {
    return [
      node,
      await database(house),
      await log(house),
      await seals(house),
      ...(await standings(house)),
      await parked(house),
    ];
  } finally {
    await house.close();
  }
}

async function attempt(what: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    return finding(what, false, message(error));
  }
}

const database = (house: House): Promise<Finding> =>
  attempt('database', async () => {
    const [row] = await house.database.query<{ version: string }>({
      text: `select split_part(version(), ' on ', 1) as version`,
    });
    const where = house.database.kind === 'pglite' ? `embedded in ${house.config.embeddedDirectory}` : 'server';
    return finding('database', row !== undefined, `${row?.version ?? 'no answer'}, ${where}`);
  });

const log = (house: House): Promise<Finding> =>
  attempt('event log', async () => {
    const head = await house.log.head();
    const where = house.config.eventStoreUrl ? 'EventStoreDB' : 'in the database';
    return finding('event log', true, `${where}, ${head === 'start' ? 'empty' : `head at ${head}`}`);
  });

const seals = (house: House): Promise<Finding> =>
  attempt('personal data', async () => {
    const unfinished = await house.erasing.unfinished();
    if (unfinished > 0)
      return finding('personal data', false, `${unfinished} erasures are not finished: the service goes on with them`);
    const { current } = house.masterKeys;
    return finding('personal data', true, current ? `master key ${current.id}` : 'no master key: persons are not kept');
  });

/** Looks at what is shown to readers; nothing is projected here. */
async function standings(house: House): Promise<readonly Finding[]> {
  return Promise.all(
    readModels.map((projection) =>
      attempt(`read model ${projection.name}`, async () => {
        const { version, generation, position } = await activeGeneration(house.database, projection);
        const current = version === projection.version;
        const detail = `version ${version}, generation ${generation}, at ${position}`;
        return finding(
          `read model ${projection.name}`,
          current,
          current ? detail : `${detail}: run orderfold rebuild ${projection.name}`,
        );
      }),
    ),
  );
}

const parked = (house: House): Promise<Finding> =>
  attempt('quarantine', async () => {
    const streams = await listParked(house.database);
    return finding(
      'quarantine',
      streams.length === 0,
      streams.length === 0 ? 'empty' : `${streams.length} streams parked: run orderfold parked list`,
    );
  });
