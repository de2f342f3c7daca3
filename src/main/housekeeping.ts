import type { House } from './compose.ts';

const dayMs = 86_400_000;
const everyMs = 6 * 3_600_000;

/** While started, at once and every six hours: forgets receipts older than the configured days, and goes on with erasures that were cut off. */
export function tidiness({ receipts, erasing, clock, config, logger }: House) {
  let timer: NodeJS.Timeout | undefined;
  const purge = async (): Promise<void> => {
    try {
      const before = new Date(Date.parse(clock()) - config.receiptDays * dayMs).toISOString();
      const purged = await receipts.purge(before);
      if (purged > 0) logger.info({ purged }, 'Old receipts were forgotten');
    } catch (error) {
      logger.warn({ err: error }, 'Old receipts could not be forgotten; the next try is in six hours');
    }
  };
  const resume = async (): Promise<void> => {
    try {
      const resumed = await erasing.resume();
      if (resumed > 0) logger.info({ resumed }, 'Erasures of persons that were cut off are done');
    } catch (error) {
      logger.warn({ err: error }, 'An erasure of a person is not finished; the next try is in six hours');
    }
  };
  const tidy = (): void => {
    void purge();
    void resume();
  };
  return {
    start(): void {
      tidy();
      timer = setInterval(tidy, everyMs);
    },
    stop(): void {
      clearInterval(timer);
    },
  };
}
