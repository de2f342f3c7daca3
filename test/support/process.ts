import { expect } from 'vitest';
import type { Fact } from '../../src/events/catalog/index.ts';
import { seal, startOfChain } from '../../src/events/chain.ts';
import { decodeEvent } from '../../src/events/decode.ts';
import type { Process } from '../../src/processes/process.ts';
import { type Instance, taskList } from '../../src/processes/tasks/list.ts';
import { uuidv5 } from '../../src/values/ids.ts';

export interface Happened {
  readonly stream: string;
  readonly fact: Fact;
  /** That the event came of this command. */
  readonly commandId?: string;
}

const namespace = '6f3f4f0c-3f57-5d7a-8c43-0d9f8f6b8a11';

/** `given(process, ...facts)`: what is on its list then. Facts happen one after another, each in the stream it names. */
export function given(process: Process, ...facts: readonly Happened[]) {
  const { handles, keyOf } = taskList(process);
  const handlers = handles as Readonly<Record<string, ((doc: unknown, event: unknown) => unknown) | undefined>>;
  const instances = new Map<string, Instance>();
  for (const [index, { stream, fact, commandId = uuidv5(namespace, String(index)) }] of facts.entries()) {
    const at = new Date(Date.UTC(2026, 2, 1, 8, index)).toISOString();
    const actor = { kind: 'user', id: 'u-1', via: 'api' } as const;
    const metadata = {
      occurredAt: at,
      recordedAt: at,
      actor,
      commandId,
      correlationId: commandId,
      causationId: commandId,
    };
    const [event] = seal({ stream, revision: index, hash: startOfChain }, [fact], metadata);
    if (!event) throw new Error('No event');
    const decoded = decodeEvent({ ...event, stream, revision: index + 1, position: String(index).padStart(20, '0') });
    const handler = handlers[decoded.type];
    if (!handler) continue;
    const key = keyOf?.(decoded) ?? stream;
    instances.set(key, handler(instances.get(key), decoded) as Instance);
  }
  const open = [...instances.values()].flatMap((instance) => instance.open);
  return {
    open,
    instances,
    /** Exactly these commands, in this order: name, stream, command, and not before when. */
    thenToDo(...expected: readonly object[]): void {
      expect(open.map(({ name, command, notBefore }) => ({ name, command, ...(notBefore && { notBefore }) }))).toEqual(
        expected,
      );
    },
  };
}
