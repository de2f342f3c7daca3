import { processes } from '../processes/all.ts';
import { TaskWorker } from '../processes/tasks/worker.ts';
import type { House } from './compose.ts';

/** Does what the processes of an installation ask for. */
export const taskWorker = ({ database, handler, runner, clock, logger }: House): TaskWorker =>
  new TaskWorker({
    database,
    handler,
    runner,
    processes,
    clock,
    report: ({ message, error }) => logger.warn({ err: error }, message),
  });
