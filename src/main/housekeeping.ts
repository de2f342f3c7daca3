import type { House } from './compose.ts';

const dayMs = 86_400_000;
const everyMs = 6 * 3_600_000;

/** While started, forgets receipts older than the configured days: at once and every six hours. */
export function tidiness({ receipts, clock, config, logger }: House) {
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
  return {
    start(): void {
      void purge();
      timer = setInterval(() => void purge(), everyMs);
    },
    stop(): void {
      clearInterval(timer);
    },
  };
}
