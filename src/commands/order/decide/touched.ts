import type { Refused } from '../../decider.ts';
import type { OrderLineState, OrderState } from '../state.ts';
import { namedLine } from './checks.ts';

/** Lines as a decision in progress sees them: what it has decided for a line so far counts for the rest of the command. */
export interface TouchedLines {
  line(lineNo: number, place: string): OrderLineState | Refused;
  set(line: OrderLineState): void;
}

export function touchedLines(state: OrderState): TouchedLines {
  const touched = new Map<number, OrderLineState>();
  return {
    line: (lineNo, place) => touched.get(lineNo) ?? namedLine(state, lineNo, place),
    set: (line) => {
      touched.set(line.lineNo, line);
    },
  };
}
