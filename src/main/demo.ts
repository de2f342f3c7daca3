import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { type SimulationProgress, type SimulationSummary, simulate } from '../simulate/simulate.ts';
import { type LocalDate, startOfDay } from '../values/dates.ts';
import { InvalidValue } from '../values/refusal.ts';
import type { House } from './compose.ts';

/** What was begun, so that a load that was cut off goes on with the same orders. */
interface DemoNote {
  readonly seed: string;
  readonly orders: number;
  readonly until: string;
  readonly complete: boolean;
}

export interface DemoRequest {
  readonly seed?: string;
  readonly orders?: number;
  /** The simulated clock stops where this day begins in UTC; today, if left out. */
  readonly until?: LocalDate;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SimulationProgress) => void;
}

const usual = { seed: 'orderfold', orders: 2000 };

/** At start, the demo belongs to the embedded default alone: a configured database never receives invented orders by itself. */
export async function demoIsDue(house: House): Promise<boolean> {
  const { demo, databaseUrl, eventStoreUrl }: Config = house.config;
  if (demo === 'off' || databaseUrl !== undefined || eventStoreUrl !== undefined) return false;
  const note = await readNote(house.config.data);
  return note ? !note.complete : (await house.log.head()) === 'start';
}

/**
 * Loads the simulated manufacturer and waits until the read models show it. Run again, it goes on where it ended. The same
 * seed, number of orders and day give the same events. Throws InvalidValue for a day that has not begun.
 */
export async function loadDemo(house: House, request: DemoRequest = {}): Promise<SimulationSummary> {
  const { data } = house.config;
  const asked = { seed: request.seed ?? usual.seed, orders: request.orders ?? usual.orders };
  const begun = await readNote(data);
  const until = startOfDay(request.until ?? house.clock().slice(0, 10), 'UTC');
  if (until > house.clock()) throw new InvalidValue('day-not-begun', `${request.until} has not begun yet`, 'until');
  const same = begun?.seed === asked.seed && begun.orders === asked.orders;
  const continued = same && (request.until === undefined || begun.until === until);
  const note: DemoNote = continued ? begun : { ...asked, until, complete: false };
  await writeNote(data, { ...note, complete: false });
  const summary = await simulate(house, {
    seed: note.seed,
    orders: note.orders,
    until: note.until,
    // Persons need a key to be sealed under.
    contacts: house.masterKeys.current !== undefined,
    ...(request.onProgress && { onProgress: request.onProgress }),
    ...(request.signal && { signal: request.signal }),
  });
  if (summary.interrupted) return summary;
  // Started only now: catching up with everything at once is faster than following every append.
  house.runner.start();
  await house.projected(request.signal);
  await writeNote(data, { ...note, complete: true });
  return summary;
}

const file = (data: string): string => join(data, 'demo.json');

async function readNote(data: string): Promise<DemoNote | undefined> {
  try {
    return JSON.parse(await readFile(file(data), 'utf8')) as DemoNote;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeNote(data: string, note: DemoNote): Promise<void> {
  await mkdir(data, { recursive: true });
  await writeFile(file(data), `${JSON.stringify(note, null, 2)}\n`);
}
