import type { AddressInfo } from 'node:net';
import closeWithGrace from 'close-with-grace';
import { buildApi } from '../api/build.ts';
import type { Api } from '../api/http/api.ts';
import type { Output } from '../cli/output.ts';
import { progressLine } from '../cli/progress.ts';
import { readConfig } from '../config.ts';
import { apiDependencies } from './api.ts';
import { type House, openHouse } from './compose.ts';
import { demoIsDue, loadDemo } from './demo.ts';
import { demoKeys, type KeyPerRole } from './demo-keys.ts';
import { createLogger } from './logger.ts';

/** Runs the service until the process is asked to stop; resolves when everything is closed. */
export async function serve(output: Output): Promise<void> {
  const config = readConfig();
  const logger = createLogger(config.logLevel);
  const house = await openHouse(config, logger);
  const readiness = { loading: true };
  const app = buildApi(apiDependencies(house, () => !readiness.loading));
  const closed = whenStopped(app, house);
  await app.listen({ host: config.host, port: config.port });
  await prepare(house, output);
  readiness.loading = false;
  await announce(house, app, output);
  await closed;
}

/** Demo data where it is due, and order numbers above everything that was given out. */
async function prepare(house: House, output: Output): Promise<void> {
  if (await demoIsDue(house)) {
    output.words(
      'This is a first start: a small simulated manufacturer is being loaded (ORDERFOLD_DEMO=off to start empty).',
    );
    const line = progressLine(output, 'orders');
    const { orders, eventsAppended, seconds } = await loadDemo(house, {
      onProgress: (progress) => line.update(progress),
    });
    line.end();
    output.words(`${orders} orders (${eventsAppended} events) in ${seconds.toFixed(1)} s.`);
  }
  house.runner.start();
  await house.projected();
  const highest = await house.orders.highestOrderNumber();
  if (highest !== undefined) await house.numbers.raiseAbove(highest);
}

/** Ends when the process is told to stop: no new requests, streams ended, the batch in hand finished, connections closed. */
function whenStopped(app: Api, house: House): Promise<void> {
  return new Promise((resolve, reject) => {
    closeWithGrace({ delay: 15_000, logger: house.logger }, async ({ err, signal }) => {
      if (err) house.logger.fatal({ err }, 'Stopping after an error that nobody handled');
      else house.logger.info({ signal }, 'Stopping');
      try {
        await app.close();
        await house.close();
        resolve();
      } catch (error) {
        reject(error);
      }
    });
  });
}

async function announce(house: House, app: Api, output: Output): Promise<void> {
  const { address, port } = app.server.address() as AddressInfo;
  const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
  const embedded = house.config.databaseUrl === undefined;
  output.words(`\nOrderfold answers at ${url}   (API documentation: ${url}/docs)\n`);
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
