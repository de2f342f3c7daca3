import type { Idempotency } from '../../src/commands/handle.ts';
import type { Answer, Receipts } from '../../src/commands/receipts.ts';

interface Row {
  readonly bodyHash: string;
  answer?: Answer;
  leased: boolean;
}

/** Receipts in memory, with leases that a test lets run out by hand. */
export function memoryReceipts(): Receipts & { readonly rows: Map<string, Row>; expireLeases(): void } {
  const rows = new Map<string, Row>();
  const idOf = ({ principal, key }: Idempotency) => JSON.stringify([principal, key]);
  return {
    rows,
    expireLeases() {
      for (const row of rows.values()) row.leased = false;
    },
    async claim(asked) {
      const row = rows.get(idOf(asked));
      if (row && row.bodyHash !== asked.bodyHash) return { kind: 'reused' };
      if (row?.answer) return { kind: 'answered', answer: row.answer };
      if (row?.leased) return { kind: 'in-flight' };
      rows.set(idOf(asked), { bodyHash: asked.bodyHash, leased: true });
      return { kind: row ? 'taken-over' : 'fresh' };
    },
    async answer(asked, answer) {
      const row = rows.get(idOf(asked));
      if (row) row.answer = answer;
    },
    async drop(asked) {
      rows.delete(idOf(asked));
    },
    async leaveOpen(asked) {
      const row = rows.get(idOf(asked));
      if (row) row.leased = false;
    },
    async purge() {
      const { size } = rows;
      rows.clear();
      return size;
    },
  };
}
