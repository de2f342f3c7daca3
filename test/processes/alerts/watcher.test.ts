import { expect, test } from 'vitest';
import type { Analytics } from '../../../src/analytics/engine.ts';
import type { KpiAnswer, KpiRequest } from '../../../src/analytics/query/answer.ts';
import type { CommandHandler } from '../../../src/commands/handle.ts';
import { watchAggregate } from '../../../src/commands/watch/aggregate.ts';
import type { Notice } from '../../../src/processes/alerts/notice.ts';
import { AlertWatcher, type WatcherOptions } from '../../../src/processes/alerts/watcher.ts';
import { InvalidValue } from '../../../src/values/refusal.ts';
import { handlerOn, meta } from '../../support/handling.ts';
import { type MemoryLog, memoryLog } from '../../support/memory-log.ts';
import { answered, onTime, positionAt } from '../../support/watches.ts';

const bad = { '2026-W09': [40, 50] } as const;
const good = { '2026-W09': [49, 50] } as const;

/** The facts of a test: an answer that may change, and the questions that were asked. */
function facts(first: KpiAnswer) {
  const asked: KpiRequest[] = [];
  const told = { answer: first, asked, reached: true };
  const analytics: Pick<Analytics, 'query' | 'position' | 'waitFor'> = {
    get position() {
      return told.answer.position;
    },
    query: async (request) => {
      asked.push(request);
      return told.answer;
    },
    waitFor: async () => told.reached,
  };
  return Object.assign(told, { analytics });
}

async function watched(handler: CommandHandler, ...ids: string[]) {
  for (const watchId of ids)
    await handler.execute(watchAggregate, watchId, { kind: 'define', body: { watchId, ...onTime } }, meta());
}

interface Setup extends Partial<WatcherOptions> {
  readonly log: MemoryLog;
  readonly analytics: WatcherOptions['analytics'];
}

function watching({ log, ...more }: Setup) {
  const notices: Notice[] = [];
  const problems: string[] = [];
  const watcher = new AlertWatcher({
    log,
    handler: handlerOn(log),
    watches: async () => ['W'],
    tell: (notice) => void notices.push(notice),
    clock: () => '2026-03-02T09:00:00.000Z',
    report: ({ message }) => void problems.push(message),
    pauseMs: 1,
    ...more,
  });
  return { watcher, notices, problems };
}

const typesIn = (log: MemoryLog): string[] => log.events.map(({ type }) => type);

test('an alert is raised, told, and cleared, with numbers read as of a position', async () => {
  const log = memoryLog();
  await watched(handlerOn(log), 'W');
  const { analytics, asked } = facts(answered(bad));
  const { watcher, notices } = watching({ log, analytics });
  expect(await watcher.look()).toBe(1);
  expect(await watcher.look()).toBe(0);
  expect(typesIn(log)).toEqual(['WatchDefined', 'KpiAlertRaised', 'AlertNoticeGiven']);
  expect(asked[1]).toMatchObject({ asOf: { position: positionAt(7) }, on: '2026-03-02', group: ['week'] });
  expect(log.events[1]?.metadata.actor).toEqual({ kind: 'system', id: 'alerts', via: 'process' });
  expect(notices).toMatchObject([
    { kind: 'raised', tell: ['supply-desk'], words: 'On time: on_time_rate is 0.8 (40 of 50) in 2026-W09; alert' },
  ]);
});

test('it ends when the number has recovered', async () => {
  const log = memoryLog();
  await watched(handlerOn(log), 'W');
  const told = facts(answered(bad));
  const { watcher, notices } = watching({ log, analytics: told.analytics });
  await watcher.look();
  told.answer = answered(good, { serial: 9 });
  expect(await watcher.look()).toBe(1);
  const given = 'AlertNoticeGiven';
  expect(typesIn(log)).toEqual(['WatchDefined', 'KpiAlertRaised', given, 'KpiAlertCleared', given]);
  expect(notices.map(({ kind }) => kind)).toEqual(['raised', 'cleared']);
});

test('two processes that look at the same moment raise one alert; so does one that starts again', async () => {
  const log = memoryLog();
  await watched(handlerOn(log), 'W');
  const { analytics } = facts(answered(bad));
  const [one, other] = [watching({ log, analytics }), watching({ log, analytics })];
  await Promise.all([one.watcher.look(), other.watcher.look()]);
  await watching({ log, analytics }).watcher.look();
  expect(typesIn(log)).toEqual(['WatchDefined', 'KpiAlertRaised', 'AlertNoticeGiven']);
});

test('a process that lags behind raises nothing that was cleared since', async () => {
  const log = memoryLog();
  await watched(handlerOn(log), 'W');
  const told = facts(answered(bad, { serial: 5 }));
  const ahead = watching({ log, analytics: told.analytics });
  await ahead.watcher.look();
  told.answer = answered(good, { serial: 9 });
  await ahead.watcher.look();
  const late = watching({ log, analytics: facts(answered(bad, { serial: 7 })).analytics });
  expect(await late.watcher.look()).toBe(0);
  expect(typesIn(log).filter((type) => type !== 'AlertNoticeGiven')).toEqual([
    'WatchDefined',
    'KpiAlertRaised',
    'KpiAlertCleared',
  ]);
});

test('a number that is another one as of the position raises nothing', async () => {
  const log = memoryLog();
  await watched(handlerOn(log), 'W');
  const { analytics } = facts(answered(bad));
  const moved = { ...analytics, query: async ({ asOf }: KpiRequest) => answered(asOf ? good : bad) };
  expect(await watching({ log, analytics: moved }).watcher.look()).toBe(0);
});

test('a watch that cannot be judged is told once, and holds up no other', async () => {
  const log = memoryLog();
  await watched(handlerOn(log), 'V', 'W');
  const { analytics } = facts(answered(bad));
  let broken = 'V';
  let watch = '';
  const handler = handlerOn(log);
  const loading: CommandHandler = {
    ...handler,
    load: (aggregate, id, options) => {
      watch = id;
      return handler.load(aggregate, id, options);
    },
  };
  const query = async (request: KpiRequest) => {
    if (watch === broken) throw new InvalidValue('unknown-dimension', 'no such dimension');
    return analytics.query(request);
  };
  const { watcher, problems } = watching({
    log,
    handler: loading,
    analytics: { ...analytics, query },
    watches: async () => ['V', 'W'],
  });
  expect(await watcher.look()).toBe(1);
  await watcher.look();
  expect(problems).toEqual(['Watch V cannot be judged: no such dimension']);
  broken = '';
  expect(await watcher.look()).toBe(1);
});

test('a notice that fails is reported and given again; the alert stands', async () => {
  const log = memoryLog();
  await watched(handlerOn(log), 'W');
  const { analytics } = facts(answered(bad));
  let mail = false;
  const sent: Notice[] = [];
  const tell = async (notice: Notice) => {
    if (!mail) throw new Error('no mail today');
    sent.push(notice);
  };
  const { watcher, problems } = watching({ log, analytics, tell });
  expect(await watcher.look()).toBe(1);
  expect(problems).toEqual(['A notice of watch W could not be given; it is tried again']);
  mail = true;
  expect(await watcher.look()).toBe(0);
  await watcher.look();
  expect(sent.map(({ kind }) => kind)).toEqual(['raised']);
});

test('what a process did not come to tell, or to note, the next one tells with the same id', async () => {
  const log = memoryLog();
  await watched(handlerOn(log), 'W');
  const { analytics } = facts(answered(bad));
  const handler = handlerOn(log);
  const dying: CommandHandler['execute'] = (aggregate, id, command, how) => {
    if ((command as { kind: string }).kind === 'told') throw new Error('killed');
    return handler.execute(aggregate, id, command, how);
  };
  const first = watching({ log, analytics, handler: { ...handler, execute: dying } });
  await first.watcher.look();
  const silent = { ...analytics, query: () => Promise.reject(new InvalidValue('unknown-dimension', 'gone')) };
  const next = watching({ log, analytics: silent });
  await next.watcher.look();
  await watching({ log, analytics }).watcher.look();
  expect(typesIn(log)).toEqual(['WatchDefined', 'KpiAlertRaised', 'AlertNoticeGiven']);
  expect(next.notices).toEqual(first.notices);
  expect(next.notices).toMatchObject([{ kind: 'raised', noticeId: expect.any(String) }]);
});

test('started, it waits for the facts, then looks whenever they move or ten minutes have passed', async () => {
  const log = memoryLog();
  await watched(handlerOn(log), 'W');
  const told = facts(answered(good, { serial: 1 }));
  told.reached = false;
  let now = '2026-03-02T09:00:00.000Z';
  let waits = 0;
  const looks: string[] = [];
  let looked = (): void => {};
  const look = () => new Promise<void>((resolve) => (looked = resolve));
  const { watcher } = watching({
    log,
    analytics: {
      ...told.analytics,
      get position() {
        return told.answer.position;
      },
      waitFor: async () => {
        waits += 1;
        if (waits === 3) told.reached = true;
        return told.reached;
      },
    },
    clock: () => now,
    watches: async () => {
      looks.push(`${told.answer.position.slice(-1)} ${now.slice(11, 16)}`);
      looked();
      return [];
    },
  });
  let next = look();
  watcher.start();
  await next;
  expect(waits).toBe(3);
  next = look();
  told.answer = answered(bad, { serial: 2 });
  await next;
  next = look();
  now = '2026-03-02T09:10:00.000Z';
  await next;
  await watcher.stop();
  expect(looks).toEqual(['1 09:00', '2 09:00', '2 09:10']);
});
