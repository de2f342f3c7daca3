import type { Warning } from './history/order.ts';
import type { Reject } from './rejects.ts';

/** What an import did. */
export interface ImportSummary {
  readonly name: string;
  readonly dryRun: boolean;
  /** Stopped by its signal; the same import again goes on from there. */
  readonly interrupted: boolean;
  readonly files: readonly { readonly file: string; readonly sha256: string }[];
  readonly rows: number;
  readonly rowsRejected: number;
  /** `known`: nothing of them was new; `rejected`: a command was refused, so the order is incomplete or missing. */
  readonly orders: { readonly read: number; readonly added: number; readonly known: number; readonly rejected: number };
  readonly customersAdded: number;
  readonly eventsAppended: number;
  /** Odd but imported, by code: how often, and where first (file:line). */
  readonly warnings: Readonly<Record<string, { readonly count: number; readonly first: string }>>;
  /** By code. All of them are in the rejects file. */
  readonly rejects: Readonly<Record<string, number>>;
  readonly firstRejects: readonly Reject[];
  readonly seconds: number;
}

const rejectsShown = 20;

/** Adds up what happens during an import. */
export function tally(write: (reject: Reject) => void) {
  const orders = { read: 0, added: 0, known: 0, rejected: 0 };
  const warnings: Record<string, { count: number; first: string }> = {};
  const rejects: Record<string, number> = {};
  const firstRejects: Reject[] = [];
  let lastRejected = '';
  const counts = { rows: 0, rowsRejected: 0, customersAdded: 0, eventsAppended: 0 };
  const count = (reject: Reject): void => {
    write(reject);
    rejects[reject.code] = (rejects[reject.code] ?? 0) + 1;
    if (firstRejects.length < rejectsShown) firstRejects.push(reject);
  };
  return {
    orders,
    counts,
    warn({ code, file, line }: Warning): void {
      const known = warnings[code];
      if (known) known.count += 1;
      else warnings[code] = { count: 1, first: `${file}:${line}` };
    },
    /** Several problems of one row come one after the other: the row is rejected once. */
    rejectRow(reject: Reject): void {
      const row = `${reject.file}:${reject.line}`;
      if (row !== lastRejected) counts.rowsRejected += 1;
      lastRejected = row;
      count(reject);
    },
    rejectOrder(reject: Reject): void {
      orders.rejected += 1;
      count(reject);
    },
    progress: () => ({ orders: orders.read, events: counts.eventsAppended, rejected: counts.rowsRejected }),
    facts: () => ({ ...counts, orders, warnings, rejects, firstRejects }),
  };
}
export type Tally = ReturnType<typeof tally>;
