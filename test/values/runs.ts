import { vi } from 'vitest';

const soak = Boolean(process.env.ORDERFOLD_SOAK);
if (soak) vi.setConfig({ testTimeout: 120_000 });

/** How often a property is tried: more in a soak run. */
export const numRuns = soak ? 20_000 : 400;

/** The code of the InvalidValue that this throws. */
export function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code);
    throw error;
  }
  return 'nothing thrown';
}
