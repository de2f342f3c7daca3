import type { AddressInfo } from 'node:net';
import closeWithGrace from 'close-with-grace';
import { buildApi } from '../api/build.ts';
import type { Api } from '../api/http/api.ts';
import type { Output } from '../cli/output.ts';
import { progressLine } from '../cli/progress.ts';
import { readConfig } from '../config.ts';
import { alertWatcher } from './alerts.ts';
import { openAnalyticsRoom } from './analytics.ts';
import { apiDependencies } from './api.ts';
import { type House, openHouse } from './compose.ts';
import { demoIsDue, loadDemo } from './demo.ts';
import { demoKeys, type KeyPerRole } from './demo-keys.ts';
import { tidiness } from './housekeeping.ts';
import { createLogger } from './logger.ts';
import { taskWorker } from './tasks.ts';

/** Runs the service until the process is asked to stop; resolves when everything is closed. Throws when it cannot start. */
export async function serve(output: Output): Promise<void> {
  const config = readConfig();
  const logger = createLogger(config.logLevel);
  const house = await openHouse(config, logger);
  const stopping = new AbortController();
  let prepared = false;
  const tidying = tidiness(house);
  const room = await openAnalyticsRoom(house);
  const app = buildApi(apiDependencies(house, room, () => prepared));
  const watcher = alertWatcher(house, room.analytics);
  const worker = taskWorker(house);
  const start = async (): Promise<void> => {
    await app.listen({ host: config.host, port: config.port });
    await prepare(house, output, stopping.signal);
    if (stopping.signal.aborted) return;
    prepared = true;
    tidying.start();
    worker.start();
    await announce(house, app, output);
    await keepJournal(house);
    room.start();
    watcher.start();
    house.notary.start(config.auditMinutes === 0 ? undefined : config.auditMinutes * 60_000);
  };
  const starting = start();
  const watch = whenStopped(house, async () => {
    stopping.abort();
    tidying.stop();
    await app.close();
    await starting.catch((err: unknown) => logger.warn({ err }, 'The start was cut off'));
    await watcher.stop();
    await worker.stop();
    await room.close();
    await house.close();
  });
  try {
    await starting;
  } catch (error) {
    if (stopping.signal.aborted) return watch.stopped;
    watch.uninstall();
    await app.close();
    await watcher.stop();
    await worker.stop();
    await room.close();
    await house.close();
    throw error;
  }
  await watch.stopped;
}

/** Demo data where it is due, and order numbers above everything that was given out. Ends early when the signal aborts. */
async function prepare(house: House, output: Output, signal: AbortSignal): Promise<void> {
  if (await demoIsDue(house)) {
    output.words(
      'This is a first start: a small simulated manufacturer is being loaded (ORDERFOLD_DEMO=off to start empty).',
    );
    const line = progressLine(output, 'orders');
    const { orders, eventsAppended, seconds } = await loadDemo(house, {
      signal,
      onProgress: (progress) => line.update(progress),
    });
    line.end();
    output.words(`${orders} orders (${eventsAppended} events) in ${seconds.toFixed(1)} s.`);
  }
  if (signal.aborted) return;
  house.runner.start();
  await house.projected(signal);
  const highest = await house.orders.highestOrderNumber();
  if (highest !== undefined) await house.numbers.raiseAbove(highest);
}

/** From here on the journal follows the log by itself. The service does its work without one, too. */
async function keepJournal({ journal, logger }: House): Promise<void> {
  try {
    const standing = (await journal.open())?.standing();
    if (standing?.state.kind === 'reading') logger.warn(`The journal is only read: ${standing.state.because}`);
  } catch (err) {
    logger.error({ err }, 'The journal could not be opened; the service runs without it');
  }
}

/** Waits to be told to stop: no new requests, streams ended, the batch in hand finished, connections closed. */
function whenStopped({ logger }: House, close: () => Promise<void>) {
  let uninstall = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    ({ uninstall } = closeWithGrace({ delay: 15_000, logger }, async ({ err, signal }) => {
      if (err) logger.fatal({ err }, 'Stopping after an error that nobody handled');
      else logger.info({ signal }, 'Stopping');
      await close();
      resolve();
    }));
  });
  return { stopped, uninstall };
}

async function announce(house: House, app: Api, output: Output): Promise<void> {
  const { address, port } = app.server.address() as AddressInfo;
  const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
  const embedded = house.config.databaseUrl === undefined;
  output.words(`\nOrderfold answers at ${url}   (dashboard: ${url}/analytics, API documentation: ${url}/docs)\n`);
  if (embedded) output.words(welcome(url, await demoKeys(house)));
  else output.words('Keys: orderfold keys create --role admin --label "first key"');
}

function welcome(url: string, keys: KeyPerRole): string {
  const rows = Object.entries(keys).map(([role, key]) => `  ${role.padEnd(12)} ${key}`);
  const desk = keys['order-desk'] ?? '';
  return [
    'Keys of this installation, one per role (Authorization: Bearer ...):',
    ...rows,
    '',
    'Three things to try:',
    `  curl -s '${url}/v1/orders?limit=3' -H 'Authorization: Bearer ${desk}'`,
    `  curl -s '${url}/v1/kpis/on_time_rate?grain=line&group=month' -H 'Authorization: Bearer ${keys.analyst ?? desk}'`,
    `  curl -sN '${url}/v1/orders/live' -H 'Authorization: Bearer ${desk}'   # then change an order in another window`,
    '',
  ].join('\n');
}
