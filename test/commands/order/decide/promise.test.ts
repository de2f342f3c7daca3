import { describe, expect, test } from 'vitest';
import {
  accepted,
  command,
  delivered,
  fact,
  given,
  line,
  part,
  pieces,
  promised,
  scheduled,
  shipped,
  stateOf,
  submitted,
  until,
} from '../../../support/orders.ts';

const lines = [line(1, 10), line(2, 4)];

describe('promise', () => {
  test('commits new schedule lines, for all that has no promise if no quantity is given', () => {
    given(...submitted(lines))
      .when(
        command('promise', {
          commit: [
            { lineNo: 1, qty: pieces(6), promise: until('2026-04-01', '2026-03-30') },
            { lineNo: 2, promise: until('2026-04-02') },
            { lineNo: 1, promise: until('2026-04-08') },
          ],
        }),
      )
      .thenHappened(
        fact('PromiseCommitted', {
          lines: [
            {
              lineNo: 1,
              scheduleLines: [
                { scheduleId: '1.1', qty: pieces(6), promise: until('2026-04-01', '2026-03-30') },
                scheduled('1.2', 4, '2026-04-08'),
              ],
            },
            { lineNo: 2, scheduleLines: [scheduled('2.1', 4, '2026-04-02')] },
          ],
        }),
      );
  });

  test('revises one schedule line, or all of a line that are still to be delivered', () => {
    const facts = [
      ...accepted(lines),
      promised(
        1,
        scheduled('1.1', 3, '2026-04-01'),
        scheduled('1.2', 3, '2026-04-02'),
        scheduled('1.3', 4, '2026-04-03'),
      ),
      shipped('S', 1, 3, [part('1.1', 3)]),
      delivered('S', 1, 3, [part('1.1', 3)]),
    ];
    given(...facts)
      .when(command('promise', { revise: [{ lineNo: 1, scheduleId: '1.2', promise: until('2026-05-01') }] }))
      .thenHappened(
        fact('PromiseRevised', {
          initiator: 'supplier',
          customerAgreed: false,
          scheduleLines: [{ lineNo: 1, scheduleId: '1.2', from: until('2026-04-02'), to: until('2026-05-01') }],
        }),
      );
    const { decision } = given(...facts).when(
      command('promise', { initiator: 'customer', revise: [{ lineNo: 1, promise: until('2026-05-01') }] }),
    );
    const moved =
      decision.ok && decision.facts[0]?.type === 'PromiseRevised' ? decision.facts[0].data.scheduleLines : [];
    expect(moved.map(({ scheduleId }) => scheduleId)).toEqual(['1.2', '1.3']);
  });

  test('a promise that says the same already is left alone', () => {
    given(...submitted(lines), promised(1, scheduled('1.1', 10, '2026-04-01')))
      .when(command('promise', { revise: [{ lineNo: 1, promise: until('2026-04-01') }] }))
      .thenNothing();
  });

  test('the first promise stays; the commit date moves only with the customer', () => {
    const revision = (to: string, initiator: 'customer' | 'supplier', customerAgreed: boolean) =>
      fact('PromiseRevised', {
        initiator,
        customerAgreed,
        scheduleLines: [{ lineNo: 1, scheduleId: '1.1', from: until('2026-04-01'), to: until(to) }],
      });
    const dates = (...revisions: ReturnType<typeof revision>[]) => {
      const state = stateOf([...submitted(lines), promised(1, scheduled('1.1', 10, '2026-04-01')), ...revisions]);
      const s = state.lines[0]?.scheduleLines[0];
      return [s?.firstPromise, s?.commitPromise, s?.currentPromise].map((promise) => promise?.deliverOn.slice(5));
    };
    expect(dates()).toEqual(['04-01', '04-01', '04-01']);
    expect(dates(revision('2026-04-05', 'supplier', false))).toEqual(['04-01', '04-01', '04-05']);
    expect(dates(revision('2026-04-05', 'supplier', true))).toEqual(['04-01', '04-05', '04-05']);
    expect(dates(revision('2026-04-05', 'customer', false), revision('2026-04-09', 'supplier', false))).toEqual([
      '04-01',
      '04-05',
      '04-09',
    ]);
  });

  const commit = (more: object, base = submitted(lines)) =>
    given(...base).when(command('promise', { commit: [{ lineNo: 1, promise: until('2026-04-01'), ...more }] }));

  test('refuses commitments that cannot be', () => {
    given(...submitted(lines))
      .when(command('promise', {}))
      .thenRefused('nothing-asked');
    commit({ lineNo: 3 }).thenRefused('line-unknown', '/commit/0/lineNo');
    commit({ qty: pieces(11) }).thenRefused('quantity-exceeds-unpromised', '/commit/0/qty');
    commit({ qty: pieces(0) }).thenRefused('quantity-not-positive', '/commit/0/qty');
    commit({ qty: { value: '1', uom: 'KGM' } }).thenRefused('unit-mismatch', '/commit/0/qty');
    commit({ promise: until('2026-02-30') }).thenRefused('date-impossible', '/commit/0/promise/deliverOn');
    commit({ promise: until('2026-03-30', '2026-02-30') }).thenRefused('date-impossible', '/commit/0/promise/shipOn');
    commit({ promise: until('2026-03-30', '2026-03-31') }).thenRefused(
      'shipped-after-promise',
      '/commit/0/promise/shipOn',
    );
    commit({ promise: { deliverOn: '2026-03-30', zone: 'Nowhere' } }).thenRefused(
      'zone-unknown',
      '/commit/0/promise/zone',
    );
    commit({}, [...submitted(lines), promised(1, scheduled('1.1', 10, '2026-04-01'))]).thenRefused(
      'nothing-to-promise',
      '/commit/0',
    );
    given(...submitted(lines))
      .when(
        command('promise', {
          commit: [
            { lineNo: 1, qty: pieces(8), promise: until('2026-04-01') },
            { lineNo: 1, qty: pieces(3), promise: until('2026-04-02') },
          ],
        }),
      )
      .thenRefused('quantity-exceeds-unpromised', '/commit/1/qty');
    const thousand = promised(1, ...Array.from({ length: 1000 }, (_, i) => scheduled(`1.${i + 1}`, 0, '2026-04-01')));
    commit({}, [...submitted(lines), thousand]).thenRefused('too-many-schedule-lines', '/commit/0');
  });

  test('refuses revisions that cannot be', () => {
    const facts = [
      ...accepted(lines),
      promised(1, scheduled('1.1', 5, '2026-04-01'), scheduled('1.2', 5, '2026-04-01')),
      shipped('S', 1, 5, [part('1.1', 5)]),
      delivered('S', 1, 5, [part('1.1', 5)]),
    ];
    const revise = (...entries: object[]) =>
      given(...facts).when(
        command('promise', { revise: entries.map((entry) => ({ lineNo: 1, promise: until('2026-05-01'), ...entry })) }),
      );
    revise({ lineNo: 9 }).thenRefused('line-unknown', '/revise/0/lineNo');
    revise({ lineNo: 2 }).thenRefused('schedule-line-unknown', '/revise/0/lineNo');
    revise({ scheduleId: '1.9' }).thenRefused('schedule-line-unknown', '/revise/0/scheduleId');
    revise({ scheduleId: '1.1' }).thenRefused('schedule-line-finished', '/revise/0');
    revise({ scheduleId: '1.2' }, {}).thenRefused('duplicate-target', '/revise/1');
    revise({ promise: until('2026-02-31') }).thenRefused('date-impossible', '/revise/0/promise/deliverOn');
  });
});
