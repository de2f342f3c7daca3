import { fileURLToPath } from 'node:url';
import { type Running, startProcess } from './child.ts';
import type { Installation } from './installation.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** The service as `npm start` runs it. Its address is its first announcement, made when the read models are up to date. */
export const startService = ({ environment }: Installation): Running => startProcess(main, [], environment);

export const addressOf = async (service: Running): Promise<string> =>
  (await service.line(/answers at (http:\/\/[^ ]+)/))[1] ?? '';
