/** How often a property is tried: more in a soak run. */
export const numRuns = process.env.ORDERFOLD_SOAK ? 20_000 : 400;

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
