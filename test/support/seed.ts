import { randomUUID } from 'node:crypto';

/** True for the long run of a test: `npm run test:soak`. */
export const soak = process.env.ORDERFOLD_SOAK !== undefined;

/** The seed of a random test, printed so that a failing run can be repeated: ORDERFOLD_SEED sets it. */
export function seedFor(name: string): string {
  const seed = process.env.ORDERFOLD_SEED ?? randomUUID().slice(0, 8);
  process.stdout.write(`${name}: ORDERFOLD_SEED=${seed}\n`);
  return seed;
}
