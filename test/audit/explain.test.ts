import { describe, expect, test } from 'vitest';
import { fakeAudit } from '../support/fakeAudit.ts';
import { memoryLog } from '../support/memory-log.ts';
import { typicalOrder } from '../support/order-history.ts';

function world() {
  const log = memoryLog();
  const { stream, events } = typicalOrder(5);
  for (const serial of [4, 5, 6])
    for (const event of typicalOrder(serial).events) log.record(typicalOrder(serial).stream, event);
  expect(events).toHaveLength(10);
  return { log, audit: fakeAudit(log), orderId: stream.slice('order-'.length) };
}

describe('explaining', () => {
  test('a column of a row: the events that changed it, in order', async () => {
    const { audit, orderId } = world();
    const { value, steps } = await audit.explainField('order_lines', `${orderId},1`, 'status', {});
    expect(value).toBe('delivered');
    expect(steps.map(({ event, from, to }) => [event.type, from, to])).toEqual([
      ['OrderLinesAdded', null, 'accepted'],
      ['PromiseCommitted', 'accepted', 'promised'],
      ['LinesShipped', 'promised', 'shipped'],
      ['LinesDelivered', 'shipped', 'delivered'],
    ]);
    expect(steps.at(-1)?.sentence).toMatch(/arrived with shipment S5a/);
    const then = await audit.explainField('order_lines', `${orderId},1`, 'status', {
      position: steps[1]?.event.position ?? '',
    });
    expect([then.value, then.steps.length]).toEqual(['promised', 2]);
  });

  test('a place in a document', async () => {
    const { audit, orderId } = world();
    const { steps } = await audit.explainField('order_status', orderId, 'doc/lines/0/quantities/shipped', {});
    expect(steps.map(({ event, to }) => [event.type, to])).toEqual([
      ['OrderLinesAdded', '0'],
      ['LinesShipped', steps[1]?.to],
    ]);
    expect((await audit.explainField('order_status', orderId, 'doc/no/such/place', {})).steps).toEqual([]);
  });

  test('a sum over many orders: every event that added to it or took away', async () => {
    const { audit, log } = world();
    const started = log.events.find(({ stream }) => stream.endsWith('0005'))?.metadata.occurredAt.slice(0, 10);
    const { value, steps } = await audit.explainField('kpi_daily', `${started},line`, 'ordered', {});
    expect(value).toBe(3);
    expect(steps.every(({ event }) => event.stream === typicalOrder(5).stream)).toBe(true);
  });

  test('what an order adds to a KPI', async () => {
    const { audit, orderId } = world();
    const answer = await audit.explainKpi(orderId, { kpi: 'on_time_rate', grain: 'line', on: '2026-12-31' });
    expect(answer?.value).toMatchObject([
      { lineNo: 1, good: true },
      { lineNo: 2, good: true },
      { lineNo: 3, good: false },
    ]);
    expect(answer?.steps.map(({ event }) => event.type)).toContain('LinesDelivered');
    expect(await audit.explainKpi('no-order', { kpi: 'on_time_rate' })).toBeUndefined();
    await expect(audit.explainKpi(orderId, { kpi: 'luck' })).rejects.toMatchObject({ code: 'unknown-kpi' });
  });

  test.each([
    ['order_lines', 'x,1', 'colour', 'unknown-field'],
    ['order_lines', 'x', 'status', 'invalid-key'],
    ['tea_leaves', 'x', 'status', 'unknown-read-model'],
  ])('%s %s %s: %s', async (model, key, field, code) => {
    await expect(world().audit.explainField(model, key, field, {})).rejects.toMatchObject({ code });
  });
});

test('the log is searched page by page, and a rare search goes on', async () => {
  const { log, audit } = world();
  const first = await audit.explore({ limit: 4 });
  expect(first.events.map(({ position }) => position)).toEqual(log.events.slice(0, 4).map(({ position }) => position));
  const rest = await audit.explore({ limit: 500, ...(first.next !== undefined && { after: first.next }) });
  expect([rest.events.length, rest.next]).toEqual([log.events.length - 4, undefined]);
  const shipped = await audit.explore({ types: ['LinesShipped'], text: 'shipment s5', limit: 10 });
  expect(shipped.events.map(({ data }) => data)).toMatchObject([{ shipmentId: 'S5a' }, { shipmentId: 'S5b' }]);
  const id = log.events[3]?.metadata.correlationId ?? '';
  expect((await audit.explore({ id, limit: 10 })).events).toHaveLength(1);
  expect(
    (await audit.explore({ stream: typicalOrder(6).stream, limit: 3, after: log.events[21]?.position ?? '' })).events,
  ).toHaveLength(3);
});
