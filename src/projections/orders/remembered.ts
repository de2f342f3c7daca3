import { LRUCache } from 'lru-cache';
import type { Observable } from 'rxjs';
import type { Database } from '../../database/database.ts';
import type { Position } from '../../events/envelope.ts';
import { type Checkpoint, isAfter } from '../checkpoint.ts';
import type { OrderStatus } from './reader.ts';

/**
 * For so long after a comparison with the database, in milliseconds, orders are told from memory alone. The embedded
 * database has no other process that writes, and what this one writes is announced to it.
 */
const trustedMs = { postgres: 10, pglite: 100 } as const;
/** About ten thousand typical orders. */
const rememberedCharacters = 32 * 2 ** 20;
const charactersOfEntry = 500;
/** With more changes than this, everything is forgotten instead. */
const mostChanges = 1_000;

/** Rows of this read model change in two ways: with the position of the checkpoint, or with its edition. */
const comparison = {
  name: 'status-changed',
  text: `select generation, edition, position, array(
      select order_id from order_status s where s.position > $1 order by s.position limit ${mostChanges + 1}) as changed
    from projection_generations where projection = 'orders' and state = 'active'`,
};

interface Place {
  readonly generation: number;
  readonly edition: number;
  readonly position: Position | 'start';
}

interface Comparison extends Place {
  readonly changed: readonly string[];
}

const follows = (later: Place, earlier: Place): boolean =>
  later.generation === earlier.generation &&
  later.edition === earlier.edition &&
  earlier.position !== 'start' &&
  !isAfter(earlier.position, later.position);

export interface RememberedOrders {
  /** The orders as the database has them: what is remembered is compared with the checkpoint, the rest is loaded. */
  current(orderIds: readonly string[]): Promise<ReadonlyMap<string, OrderStatus>>;
}

export interface RememberOptions {
  readonly database: Pick<Database, 'kind' | 'reader'>;
  /** Sends its statement to the reader of the database at once. */
  readonly load: (orderIds: readonly string[]) => Promise<readonly OrderStatus[]>;
  readonly checkpoints?: Observable<Checkpoint> | undefined;
}

/** Orders in memory, for lookups. How new they are, and why: docs/decisions/0011-orders-are-remembered.md. */
export function rememberOrders({ database, load, checkpoints }: RememberOptions): RememberedOrders {
  const trustMs = trustedMs[database.kind];
  const orders = new LRUCache<string, OrderStatus>({
    maxSize: rememberedCharacters,
    sizeCalculation: ({ json }) => json.length + charactersOfEntry,
  });
  let place: Place | undefined;
  let comparedAt = Number.NEGATIVE_INFINITY;
  let announced = 0;
  let renewing = false;
  checkpoints?.subscribe(({ projection }) => {
    if (projection !== 'orders') return;
    announced += 1;
    comparedAt = Number.NEGATIVE_INFINITY;
  });

  /** Gives the place that memory is at from here on. */
  async function compare(): Promise<Place | undefined> {
    const startedAt = performance.now();
    const heard = announced;
    const [now] = await database.reader.query<Comparison>({ ...comparison, values: [place?.position ?? 'start'] });
    moveTo(now);
    if (heard === announced) comparedAt = startedAt;
    return place;
  }

  function renew(): void {
    renewing = true;
    // A failure is met again, and told, by the next lookup that has to wait.
    compare()
      .catch(() => {})
      .finally(() => (renewing = false));
  }

  function moveTo(now: Comparison | undefined): void {
    if (now && place && follows(now, place) && now.changed.length <= mostChanges) {
      for (const orderId of now.changed) orders.delete(orderId);
      if (now.position === place.position) return;
    } else {
      orders.clear();
    }
    place = now;
  }

  /** What is loaded is as new as `since`. It is not remembered when memory has moved meanwhile: it may be older than that. */
  async function loadInto(
    found: Map<string, OrderStatus>,
    orderIds: readonly string[],
    since: Promise<Place | undefined> | Place | undefined,
  ): Promise<void> {
    const [before, loaded] = await Promise.all([since, orderIds.length > 0 ? load(orderIds) : []]);
    for (const status of loaded) {
      found.set(status.orderId, status);
      if (before && before === place) orders.set(status.orderId, status);
    }
  }

  function isTrusted(): boolean {
    const age = performance.now() - comparedAt;
    // In good time, so that lookups in quick succession need not wait for it.
    if (age >= trustMs / 2 && age < trustMs && !renewing) renew();
    return age < trustMs;
  }

  return {
    async current(orderIds) {
      const found = new Map<string, OrderStatus>();
      const known = orderIds.filter((orderId) => orders.has(orderId));
      const unknown = orderIds.filter((orderId) => !orders.has(orderId));
      if (unknown.length > 0 || !isTrusted()) await loadInto(found, unknown, compare());
      const changed: string[] = [];
      for (const orderId of known) {
        const status = orders.get(orderId);
        if (status) found.set(orderId, status);
        else changed.push(orderId);
      }
      if (changed.length > 0) await loadInto(found, changed, place);
      return found;
    },
  };
}
