import { readConfig } from '../config.ts';
import { type House, openHouse } from '../main/compose.ts';
import { createLogger } from '../main/logger.ts';

/** Opens the house for one command and closes it whatever happens. Logs go to stderr, warnings and worse only. */
export async function withHouse<T>(work: (house: House) => Promise<T>): Promise<T> {
  const config = readConfig();
  const logger = createLogger(config.logLevel === 'info' ? 'warn' : config.logLevel);
  const house = await openHouse(config, logger);
  try {
    return await work(house);
  } finally {
    await house.close();
  }
}
