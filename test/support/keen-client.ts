import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../src/simulate/random.ts';

export interface Answer {
  readonly status: number;
  /** The JSON document, without the trace that is new for every request. */
  readonly body: object;
  readonly etag: string | null;
}

/** A caller that does not give up: the same key again, at any of the services, until there is an answer that counts. */
export interface KeenClient {
  post(random: Random, path: string, key: string, body: object): Promise<Answer>;
  get(path: string): Promise<Answer>;
  /** How often it had to ask again, by reason. */
  readonly repeats: ReadonlyMap<string, number>;
}

interface Door {
  url(): Promise<string>;
}

const askAgain: ReadonlySet<string> = new Set([
  'command-in-flight',
  'outcome-unknown',
  'database-unavailable',
  'overloaded',
  'stream-busy',
  'projection-lagging',
  'not-ready',
]);

export function keenClient(doors: readonly [Door, ...Door[]], apiKey: string): KeenClient {
  const repeats = new Map<string, number>();
  const again = async (reason: string) => {
    repeats.set(reason, (repeats.get(reason) ?? 0) + 1);
    await pause(20);
  };

  async function untilAnswered(door: () => Door, path: string, init: RequestInit): Promise<Answer> {
    for (;;) {
      const url = await door().url();
      try {
        const response = await fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(60_000) });
        const { traceId: _, ...body } = (await response.json()) as { code?: string; traceId?: string };
        const code = response.ok ? '' : String(body.code);
        if (!askAgain.has(code)) return { status: response.status, body, etag: response.headers.get('etag') };
        await again(code);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        await again(`${error.name}: ${error.message}`);
      }
    }
  }

  const authorization = `Bearer ${apiKey}`;
  return {
    repeats,
    post: (random, path, key, body) =>
      untilAnswered(() => random.pick(doors), path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { authorization, 'content-type': 'application/json', 'idempotency-key': key, 'if-match': '*' },
      }),
    get: (path) => untilAnswered(() => doors[0], path, { headers: { authorization } }),
  };
}
