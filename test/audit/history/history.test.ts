import { describe, expect, test } from 'vitest';
import { type HistoryQuestion, historyOf } from '../../../src/audit/history/history.ts';
import type { EventMetadata } from '../../../src/events/envelope.ts';
import { memoryLog, rawEvent } from '../../support/memory-log.ts';
import { memoryTies } from '../../support/memory-ties.ts';

const orderNo = 'SO-1';
const hour = (n: number): string => new Date(Date.UTC(2026, 2, 1, n)).toISOString();

/** An order, with other streams around it: `metadata` says how they hang together. */
function world() {
  const log = memoryLog();
  const record = (
    stream: string,
    type: string,
    at: number,
    metadata: Partial<EventMetadata> = {},
    data: object = {},
  ) => {
    const event = rawEvent({ type, data: { orderNo, ...data } });
    const times = { occurredAt: hour(at), recordedAt: hour(at) };
    log.record(stream, { ...event, metadata: { ...event.metadata, ...times, ...metadata } });
    return log.events.at(-1)?.eventId ?? '';
  };
  const ask = (question: Partial<HistoryQuestion> = {}, order = 'order-1') =>
    historyOf({ log, ties: memoryTies(log) }, order, { limit: 100, ...question });
  const told = async (question: Partial<HistoryQuestion> = {}, order = 'order-1') =>
    (await ask(question, order)).entries.map(({ stream, type }) => `${stream} ${type}`);
  return { log, record, ask, told };
}

describe('the history of an order', () => {
  test('has the events of every stream that is tied by correlation or cause, whatever its family', async () => {
    const { record, told, ask } = world();
    record('quote-7', 'QuoteSent', 0);
    record('quote-7', 'QuoteWon', 1, { correlationId: 'deal' });
    const started = record('order-1', 'OrderStarted', 2, { correlationId: 'deal' });
    record('credit-3', 'CreditReserved', 3, { causationId: started, correlationId: 'other' });
    record('credit-3', 'CreditLimitRaised', 4);
    record('mail-9', 'NoticeSent', 5, { correlationId: 'other' });
    record('order-2', 'OrderStarted', 6);
    record('order-1', 'OrderAccepted', 7);
    expect(await told({ related: 'tied' })).toEqual([
      'quote-7 QuoteWon',
      'order-1 OrderStarted',
      'credit-3 CreditReserved',
      'mail-9 NoticeSent',
      'order-1 OrderAccepted',
    ]);
    expect(await told()).toContain('quote-7 QuoteSent');
    expect(await told({ related: 'none' })).toEqual(['order-1 OrderStarted', 'order-1 OrderAccepted']);
    const { streams, partly, cut } = await ask({ related: 'tied' });
    expect([streams, partly, cut]).toEqual([
      ['order-1', 'credit-3', 'quote-7', 'mail-9'],
      ['credit-3', 'quote-7'],
      false,
    ]);
    expect((await ask({}, 'order-9')).entries).toEqual([]);
  });

  test('takes of a long stream only what is tied, and says when there are too many streams', async () => {
    const { record, ask } = world();
    record('order-1', 'OrderStarted', 0, { correlationId: 'import' });
    for (let n = 0; n < 501; n += 1) record('stock-1', 'StockCounted', 1, n === 7 ? { correlationId: 'import' } : {});
    for (let n = 0; n < 120; n += 1) record(`order-x${n}`, 'OrderStarted', 2, { correlationId: 'import' });
    const { entries, partly, cut, streams } = await ask({ limit: 1000 });
    expect(entries.filter(({ stream }) => stream === 'stock-1').length).toBeLessThanOrEqual(1);
    expect([partly.length <= 1, cut, streams.length]).toEqual([true, true, 101]);
  });

  test('no effect stands before its cause, whatever the times say; else it goes by the chosen time', async () => {
    const { record, ask, told } = world();
    const started = record('order-1', 'OrderStarted', 5);
    record('order-1', 'OrderAccepted', 1, { recordedAt: hour(6) });
    record('credit-3', 'CreditReserved', 0, { causationId: started, recordedAt: hour(9) });
    expect(await told()).toEqual(['order-1 OrderAccepted', 'order-1 OrderStarted', 'credit-3 CreditReserved']);
    expect(await told({ by: 'recorded' })).toEqual([
      'order-1 OrderStarted',
      'order-1 OrderAccepted',
      'credit-3 CreditReserved',
    ]);
    const { entries } = await ask();
    expect(entries.map(({ causedBy }) => causedBy)).toEqual([undefined, undefined, started]);
  });

  test('can be cut at a moment in either time', async () => {
    const { record, told } = world();
    record('order-1', 'OrderStarted', 1);
    record('order-1', 'OrderAccepted', 2, { recordedAt: hour(8) });
    record('order-1', 'OrderClosed', 6, { recordedAt: hour(9) });
    expect(await told({ moment: { occurred: hour(3) } })).toEqual(['order-1 OrderStarted', 'order-1 OrderAccepted']);
    expect(await told({ moment: { recorded: hour(3) } })).toEqual(['order-1 OrderStarted']);
    expect(await told({ moment: { recorded: hour(8), occurred: hour(9) } })).toHaveLength(2);
  });

  test('is filtered by type, family, actor, time and text', async () => {
    const { record, told } = world();
    const anna = { kind: 'user', id: 'anna', via: 'api' } as const;
    record('order-1', 'OrderStarted', 1, { correlationId: 'deal' });
    record('order-1', 'OrderAccepted', 2, { actor: anna });
    record('mail-1', 'NoticeSent', 3, { correlationId: 'deal' }, { to: 'Purchasing' });
    expect(await told({ types: ['OrderAccepted'] })).toEqual(['order-1 OrderAccepted']);
    expect(await told({ families: ['mail'] })).toEqual(['mail-1 NoticeSent']);
    expect(await told({ actor: 'anna' })).toEqual(['order-1 OrderAccepted']);
    expect(await told({ actor: 'user' })).toEqual(['order-1 OrderAccepted']);
    expect(await told({ from: hour(2), to: hour(2) })).toEqual(['order-1 OrderAccepted']);
    expect(await told({ text: 'PURCHASING' })).toEqual(['mail-1 NoticeSent']);
    expect(await told({ text: 'accepted order so-1' })).toEqual(['order-1 OrderAccepted']);
    expect(await told({ text: 'nobody said this' })).toEqual([]);
  });

  test('comes in pages', async () => {
    const { record, ask, told } = world();
    for (let n = 0; n < 5; n += 1) record('order-1', n === 0 ? 'OrderStarted' : 'OrderAccepted', n);
    const first = await ask({ limit: 2 });
    expect([first.entries.length, first.total]).toEqual([2, 5]);
    const second = await ask({ limit: 2, ...(first.next !== undefined && { after: first.next }) });
    expect(second.entries.map(({ revision }) => revision)).toEqual([2, 3]);
    const last = await ask({ limit: 2, ...(second.next !== undefined && { after: second.next }) });
    expect([last.entries.length, last.next]).toEqual([1, undefined]);
    await expect(told({ after: 'no such event' })).rejects.toMatchObject({ code: 'malformed-cursor' });
  });
});
