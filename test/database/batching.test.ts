import { expect, test } from 'vitest';
import { batched } from '../../src/database/batching.ts';

/** A flush that the test finishes when it wants to. */
function controlled() {
  const flushes: { items: number[]; finish(): void; fail(reason: Error): void }[] = [];
  const flush = (items: number[]) =>
    new Promise<string[]>((resolve, reject) => {
      flushes.push({ items, finish: () => resolve(items.map((n) => `answer ${n}`)), fail: reject });
    });
  return { flushes, flush };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('calls of one turn are flushed together, later ones after that flush', async () => {
  const { flushes, flush } = controlled();
  const call = batched(flush);
  const first = [call(1), call(2)];
  await turn();
  const later = [call(3), call(4)];
  await turn();
  expect(flushes.map((f) => f.items)).toEqual([[1, 2]]);
  flushes[0]?.finish();
  expect(await Promise.all(first)).toEqual(['answer 1', 'answer 2']);
  await turn();
  expect(flushes.map((f) => f.items)).toEqual([
    [1, 2],
    [3, 4],
  ]);
  flushes[1]?.finish();
  expect(await Promise.all(later)).toEqual(['answer 3', 'answer 4']);
});

test('a flush holds at most `max` calls', async () => {
  const { flushes, flush } = controlled();
  const call = batched(flush, { max: 2 });
  const calls = [call(1), call(2), call(3)];
  await turn();
  flushes[0]?.finish();
  await calls[0];
  await turn();
  flushes[1]?.finish();
  expect(await Promise.all(calls)).toEqual(['answer 1', 'answer 2', 'answer 3']);
  expect(flushes.map((f) => f.items)).toEqual([[1, 2], [3]]);
});

test('a failed flush rejects its own calls only', async () => {
  const { flushes, flush } = controlled();
  const call = batched(flush);
  const failing = call(1);
  await turn();
  const fine = call(2);
  flushes[0]?.fail(new Error('no'));
  await expect(failing).rejects.toThrow('no');
  await turn();
  flushes[1]?.finish();
  expect(await fine).toBe('answer 2');
});

test('an answer too few is an error, not somebody else’s answer', async () => {
  const call = batched(async (items: number[]) => items.slice(1));
  await expect(Promise.all([call(1), call(2)])).rejects.toThrow('Expected 2 answers, got 1');
});

test('with two flushes in flight the second does not wait for the first, and a third does', async () => {
  const { flushes, flush } = controlled();
  const call = batched(flush, { inFlight: 2 });
  const first = call(1);
  await turn();
  const second = call(2);
  await turn();
  const third = call(3);
  await turn();
  expect(flushes.map((f) => f.items)).toEqual([[1], [2]]);
  flushes[1]?.finish();
  expect(await second).toBe('answer 2');
  await turn();
  expect(flushes.map((f) => f.items)).toEqual([[1], [2], [3]]);
  flushes[0]?.finish();
  flushes[2]?.finish();
  expect(await Promise.all([first, third])).toEqual(['answer 1', 'answer 3']);
});
