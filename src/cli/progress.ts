import type { Output } from './output.ts';

/** How far long work has come. `rate` is per second, `secondsLeft` is unknown without a total. */
export interface Progress {
  readonly done: number;
  readonly total?: number;
  readonly rate: number;
  readonly secondsLeft?: number;
}

/** Shows progress on stderr: one line rewritten on a terminal, a line every five seconds elsewhere. */
export function progressLine(output: Output, what: string, write = (text: string) => void process.stderr.write(text)) {
  const every = output.interactive ? 200 : 5000;
  let last = 0;
  let shown = false;
  const show = (progress: Progress): void => {
    shown = true;
    if (output.interactive) write(`\r\x1b[2K${describe(what, progress)}`);
    else output.words(describe(what, progress));
  };
  return {
    update(progress: Progress, now = performance.now()): void {
      if (now - last < every) return;
      last = now;
      show(progress);
    },
    end(): void {
      if (shown && output.interactive) write('\r\x1b[2K');
    },
  };
}

function describe(what: string, { done, total, rate, secondsLeft }: Progress): string {
  const count = total === undefined ? `${grouped(done)}` : `${grouped(done)} of ${grouped(total)}`;
  const left = secondsLeft === undefined ? '' : `, ${duration(secondsLeft)} left`;
  return `${what}: ${count} (${grouped(Math.round(rate))}/s${left})`;
}

const grouped = (value: number): string => value.toLocaleString('en-US');

/** Seconds in the largest two units, e.g. `2 min 5 s`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
