import { repetitions } from './settings.ts';

/** One way of doing the work; `run` answers what was measured, mostly a rate per second. */
export interface Variant<Sample> {
  readonly name: string;
  run(): Promise<Sample>;
}

export interface Measured<Sample> {
  readonly name: string;
  readonly samples: readonly Sample[];
}

/** Variants take turns, so that a slow minute of the machine hits all of them. */
export async function interleaved<Sample>(
  title: string,
  variants: readonly Variant<Sample>[],
): Promise<Measured<Sample>[]> {
  const measured = variants.map(({ name }) => ({ name, samples: [] as Sample[] }));
  for (let repetition = 1; repetition <= repetitions; repetition += 1) {
    for (const [at, variant] of variants.entries()) {
      tell(`${title}, ${variant.name}, ${repetition} of ${repetitions}`);
      measured[at]?.samples.push(await variant.run());
    }
  }
  return measured;
}

/** `clients` repeat `step` until the time is over. Steps done per second; a step that is under way at the end is waited for. */
export async function stepsPerSecond(
  milliseconds: number,
  clients: number,
  step: (client: number) => Promise<void>,
): Promise<number> {
  const start = performance.now();
  let done = 0;
  const client = async (_: unknown, index: number): Promise<void> => {
    while (performance.now() - start < milliseconds) {
      await step(index);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return done / ((performance.now() - start) / 1000);
}

/** Does the work, and tells the longest time for which the event loop could not turn meanwhile. */
export async function longestPause<T>(
  work: () => Promise<T>,
): Promise<{ readonly answer: T; readonly pauseMs: number }> {
  let [pauseMs, last, running] = [0, performance.now(), true];
  const turn = (): void => {
    const now = performance.now();
    pauseMs = Math.max(pauseMs, now - last);
    last = now;
    if (running) setImmediate(turn);
  };
  setImmediate(turn);
  const answer = await work();
  running = false;
  return { answer, pauseMs };
}

/** Progress, for whoever waits. */
export const tell = (text: string): void => void process.stderr.write(`${text}\n`);

export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** The table of one bench, ready to be printed. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Result {
  readonly name: string;
  /** What was measured, in a sentence or two. */
  readonly about: string;
  readonly table: Table;
  /** What was left out and why. */
  readonly remarks: readonly string[];
}

/** Variants of one situation, compared with the rival among them that `rival` names. */
export interface Comparison {
  readonly situation: string;
  readonly rival: string;
  readonly measured: readonly Measured<number>[];
}

/** Median, spread, and the ratio to the median of the rival. */
export function comparisonTable(unit: string, comparisons: readonly Comparison[]): Table {
  const rows = comparisons.flatMap(({ situation, rival, measured }) => {
    const base = measured.find(({ name }) => name === rival);
    const per = base ? median(base.samples) : Number.NaN;
    return measured.map(({ name, samples }) => [situation, name, ...spread(samples), ratio(median(samples) / per)]);
  });
  return { columns: ['situation', 'variant', unit, 'min..max', 'ratio'], rows };
}

export const spread = (samples: readonly number[]): [middle: string, range: string] => [
  whole(median(samples)),
  `${whole(Math.min(...samples))}..${whole(Math.max(...samples))}`,
];

export const ratio = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : '');
export const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
