import { describe, expect, test } from 'vitest';
import { defineProcess } from '../../src/processes/process.ts';
import { given } from '../support/process.ts';

const stream = 'order-o1';
const accepted = { stream, fact: { type: 'OrderAccepted', data: { orderNo: 'SO-1' } } } as const;
const closing = { family: 'order', id: 'o1', command: { kind: 'close', body: {} } } as const;
const cancelling = { family: 'order', id: 'o1', command: { kind: 'cancel', body: { initiator: 'supplier' } } } as const;

/** Closes whatever is accepted, and cancels what cannot be closed. */
const closer = defineProcess<{ accepted: number }>({
  name: 'closer',
  version: 1,
  about: 'Only here',
  instanceOf: (event) => event.stream.slice('order-'.length),
  handles: {
    OrderAccepted: (state) => ({
      state: { accepted: (state?.accepted ?? 0) + 1 },
      todo: [{ name: 'close', command: closing }],
    }),
    OrderClosed: (state) => ({ state: state ?? { accepted: 0 } }),
    OrderReopened: (state) => ({ state: state ?? { accepted: 0 }, drop: ['close'] }),
  },
  refused: (state) => ({ state: state ?? { accepted: 0 }, todo: [{ name: 'cancel', command: cancelling }] }),
});

const taskOf = (...facts: Parameters<typeof given> extends [unknown, ...infer Rest] ? Rest : never) => {
  const [task] = given(closer, ...facts).open;
  if (!task) expect.fail('nothing to do');
  return task;
};
const ending = (process: string, taskId: string) => ({ process, instance: 'o1', taskId, name: 'close' });

describe('the list of a process', () => {
  test('the id of a command derives from the event that caused it', () => {
    expect(taskOf(accepted)).toEqual(taskOf(accepted));
    const [first, second] = [taskOf(accepted), taskOf(accepted, accepted)];
    expect(second.taskId).not.toBe(first.taskId);
    expect(second.causationId).not.toBe(first.causationId);
  });

  test('a name that is on the list is replaced', () =>
    given(closer, accepted, accepted).thenToDo({ name: 'close', command: closing }));

  test('an event of the command takes it off', () => {
    const { taskId } = taskOf(accepted);
    given(closer, accepted, {
      stream,
      fact: { type: 'OrderClosed', data: { orderNo: 'SO-1' } },
      commandId: taskId,
    }).thenToDo();
    given(closer, accepted, { stream, fact: { type: 'OrderClosed', data: { orderNo: 'SO-1' } } }).thenToDo({
      name: 'close',
      command: closing,
    });
  });

  test('a command that left nothing to hear of is concluded', () => {
    const { taskId } = taskOf(accepted);
    const concluded = {
      stream: `task-${taskId}`,
      fact: { type: 'TaskConcluded', data: ending('closer', taskId) },
    } as const;
    given(closer, accepted, concluded).thenToDo();
  });

  test('a refusal is answered, once', () => {
    const { taskId } = taskOf(accepted);
    const data = { ...ending('closer', taskId), code: 'quantity-open', message: 'Still open' };
    const refused = { stream: `task-${taskId}`, fact: { type: 'TaskRefused', data } } as const;
    const after = given(closer, accepted, refused);
    after.thenToDo({ name: 'cancel', command: cancelling });
    expect(after.instances.get('o1')?.refused).toMatchObject([{ code: 'quantity-open', task: { taskId } }]);
    given(closer, accepted, refused, refused).thenToDo({ name: 'cancel', command: cancelling });
  });

  test('what becomes of the tasks of others is no concern', () => {
    const { taskId } = taskOf(accepted);
    const data = { ...ending('another', taskId), code: 'quantity-open', message: 'Still open' };
    const refused = { stream: `task-${taskId}`, fact: { type: 'TaskRefused', data } } as const;
    given(closer, accepted, refused).thenToDo({ name: 'close', command: closing });
  });

  test('what is dropped is not done', () =>
    given(closer, accepted, { stream, fact: { type: 'OrderReopened', data: { orderNo: 'SO-1' } } }).thenToDo());
});
