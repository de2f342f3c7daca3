import { expect, test } from 'vitest';
import { createLogger } from '../../src/main/logger.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  const lines: string[] = [];
  write(createLogger('info', { write: (line) => void lines.push(line) }));
  return JSON.parse(lines.join('')) as Record<string, unknown>;
}

test('an error is told by type, code, message and stack, without what a driver hung on it', () => {
  const error = Object.assign(new TypeError('gone', { cause: new Error('cut') }), {
    code: '57P01',
    client: { connectionParameters: { host: 'db', password: 'hunter2' } },
  });
  const { err } = logged((logger) => logger.warn({ err: error }, 'A connection was lost'));
  expect(Object.keys(err as object).sort()).toEqual(['code', 'message', 'stack', 'type']);
  expect(err).toMatchObject({ type: 'TypeError', code: '57P01', message: expect.stringContaining('cut') });
});

test('secrets are hidden wherever they pass', () => {
  const line = logged((logger) => logger.info({ req: { headers: { authorization: 'Bearer of-k' } }, password: 'x' }));
  expect(line).toMatchObject({ req: { headers: { authorization: '[hidden]' } }, password: '[hidden]' });
});
