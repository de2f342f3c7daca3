import { TextIndex, type TextStore } from './text-store.ts';

const family = 'order-';

/**
 * Which row belongs to which stream: that of the order whose id follows the name of the family. The few that are called
 * otherwise, or tell of an order that another one told of before, are kept by name.
 */
export class OrderStreams {
  readonly #index: TextIndex;
  readonly named = new Map<string, number>();

  constructor(ids: TextStore) {
    this.#index = new TextIndex(ids);
  }

  /** -1 where the order was not started. */
  rowOf(stream: string): number {
    const named = this.named.size > 0 ? this.named.get(stream) : undefined;
    if (named !== undefined) return named;
    const row = stream.startsWith(family) ? this.#index.find(stream.slice(family.length)) : -1;
    return row >= 0 && !this.#isNamed(row) ? row : -1;
  }

  /** Whether a stream that starts this order has to be kept by name. */
  needsName(stream: string, orderId: string): boolean {
    return stream !== family + orderId || this.#index.find(orderId) >= 0;
  }

  /** So that the next question for a stream takes no time. */
  indexed(): Generator<void> {
    return this.#index.update();
  }

  #isNamed(row: number): boolean {
    for (const other of this.named.values()) if (other === row) return true;
    return false;
  }
}
