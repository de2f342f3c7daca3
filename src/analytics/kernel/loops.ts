import { nullDay } from '../table.ts';
import type { Vector } from './vectors.ts';

/** The inner loops, each a function of its own over arrays that it is given: so the compiler keeps them in registers. */

export function subtract(from: Vector, less: Vector, out: Vector, rows: number): void {
  for (let i = 0; i < rows; i += 1) out[i] = (from[i] as number) - (less[i] as number);
}

export function multiply(values: Vector, by: Vector, rows: number): void {
  for (let i = 0; i < rows; i += 1) values[i] = (values[i] as number) * (by[i] as number);
}

export function divide(values: Vector, by: number, rows: number): void {
  for (let i = 0; i < rows; i += 1) values[i] = (values[i] as number) / by;
}

/** Clears `out` where it was not done by the day, or something was missed. */
export function keepMet(done: Int32Array, missed: Int32Array, day: number, out: Vector): void {
  for (let i = 0; i < done.length; i += 1) {
    const on = done[i] as number;
    if (on > day || on === nullDay || missed[i] !== nullDay) out[i] = 0;
  }
}

/** Clears `out` where it was not done by the day, or not in full. */
export function keepFull(done: Int32Array, full: Uint8Array, day: number, out: Vector): void {
  for (let i = 0; i < done.length; i += 1) {
    const on = done[i] as number;
    if (on > day || on === nullDay || full[i] !== 1) out[i] = 0;
  }
}

export function keepEqual(values: Vector, others: Vector, out: Vector, rows: number): void {
  for (let i = 0; i < rows; i += 1) if (values[i] !== others[i]) out[i] = 0;
}

export function keepValue(values: Vector, value: number, out: Vector, rows: number): void {
  for (let i = 0; i < rows; i += 1) if (values[i] !== value) out[i] = 0;
}

export function keepPositive(values: Vector, out: Vector, rows: number): void {
  for (let i = 0; i < rows; i += 1) if (!((values[i] as number) > 0)) out[i] = 0;
}

/** What is not above zero becomes null. */
export function onlyPositive(values: Vector, rows: number): void {
  for (let i = 0; i < rows; i += 1) if (!((values[i] as number) > 0)) values[i] = Number.NaN;
}
