import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import type { DecisionContext } from '../../../src/commands/decider.ts';
import { orderAggregate } from '../../../src/commands/order/aggregate.ts';
import { allowedCommands } from '../../../src/commands/order/allowed.ts';
import type { OrderCommand } from '../../../src/commands/order/commands.ts';
import { isFinished, open } from '../../../src/commands/order/ledger.ts';
import type { OrderLineState, OrderState } from '../../../src/commands/order/state.ts';
import { displayStatus } from '../../../src/commands/order/status.ts';
import { catalog, type OrderFact } from '../../../src/events/catalog/index.ts';
import { orderEvents } from '../../../src/events/catalog/order.ts';
import { canonicalJson } from '../../../src/values/canonical-json.ts';
import { add, compare, isNegative, multiply, subtract, sum } from '../../../src/values/decimal.ts';
import { uuidv5 } from '../../../src/values/ids.ts';
import { commandOf, type Life, placement, randomLife } from '../../support/order-commands.ts';
import { command } from '../../support/orders.ts';
import { context } from '../../support/spec.ts';

const runs = process.env.ORDERFOLD_SOAK ? 10_000 : 250;
const { decide, evolve, initial } = orderAggregate;

interface Step {
  readonly command: OrderCommand;
  readonly context: DecisionContext;
  readonly before: OrderState;
  readonly facts: readonly OrderFact[];
  readonly after: OrderState;
}

/** Lives through commands one after the other, each an hour after the last; refused ones change nothing. */
function live(life: Life): Step[] {
  const steps: Step[] = [step(initial, placement(life), 0)];
  for (const intent of life.intents) {
    const before = steps.at(-1)?.after ?? initial;
    steps.push(step(before, commandOf(before, intent), steps.length));
  }
  return steps;
}

function step(before: OrderState, command: OrderCommand, index: number): Step {
  const now = new Date(Date.UTC(2026, 2, 1, index)).toISOString();
  const at = { now, occurredAt: now, commandId: uuidv5(context.commandId, String(index)) };
  const decision = decide(before, command, at);
  const facts = decision.ok ? decision.facts : [];
  const after = facts.reduce((state, fact) => evolve(state, fact, { occurredAt: now, recordedAt: now }), before);
  return { command, context: at, before, facts, after };
}

const everyStep = (check: (step: Step) => void): void =>
  fc.assert(
    fc.property(randomLife, (life) => live(life).forEach(check)),
    { numRuns: runs },
  );

/** Checked some hundred thousand times: cheaper than expect. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

const atMost = (a: string, b: string, what: string): void => must(compare(a, b) <= 0, `${what}: ${a} <= ${b}`);
const same = (a: string, b: string, what: string): void => must(a === b, `${what}: ${a} = ${b}`);

function checkLine({ ledger: l, scheduleLines, lineNo }: OrderLineState, over: string): void {
  for (const [bucket, qty] of Object.entries(l)) must(!isNegative(qty), `${bucket} of line ${lineNo} is ${qty}`);
  atMost(l.promised, open(l), 'promised');
  atMost(l.allocated, add(l.promised, l.shippedUnpromised), 'allocated');
  atMost(l.shipped, l.allocated, 'shipped');
  atMost(l.delivered, l.shipped, 'delivered');
  atMost(l.shipped, multiply(open(l), add('1', over)), 'shipped with tolerance');
  if (compare(l.shipped, open(l)) <= 0) atMost(l.cancelled, subtract(l.ordered, l.shipped), 'cancelled');
  same(sum(scheduleLines.map(({ qty }) => qty)), l.promised, 'promised in schedule lines');
  same(
    add(sum(scheduleLines.map(({ shipped }) => shipped)), l.shippedUnpromised),
    l.shipped,
    'shipped in schedule lines',
  );
  for (const s of scheduleLines) {
    atMost(s.shipped, s.qty, `shipped of ${s.scheduleId}`);
    atMost(s.delivered, s.shipped, `delivered of ${s.scheduleId}`);
  }
}

describe('any sequence of commands', () => {
  test('reaches every fact of an order, and reaches it often', () => {
    const counts = new Map<string, number>(orderEvents.map(({ type }) => [type, 0]));
    for (const life of fc.sample(randomLife, { seed: 1, numRuns: 300 }))
      for (const { type } of live(life).flatMap(({ facts }) => facts)) counts.set(type, (counts.get(type) ?? 0) + 1);
    expect(Object.fromEntries([...counts].filter(([, count]) => count < 20))).toEqual({});
  });

  test('keeps the quantity invariants of every line', () => {
    everyStep(({ after }) => {
      for (const line of after.lines) checkLine(line, after.tolerances.over);
    });
  });

  test('shipments add up to what lines shipped and delivered', () => {
    everyStep(({ after: { lines, shipments } }) => {
      for (const { lineNo, ledger } of lines) {
        const loaded = shipments.flatMap((shipment) => shipment.lines.filter((line) => line.lineNo === lineNo));
        same(sum(loaded.map(({ qty }) => qty)), ledger.shipped, 'shipped in shipments');
        same(sum(loaded.map(({ delivered }) => delivered)), ledger.delivered, 'delivered in shipments');
      }
    });
  });

  test('decides facts that fit the catalogue', () => {
    everyStep(({ facts }) => {
      for (const fact of facts) {
        const schema = catalog.get(fact.type)?.schema;
        expect(schema && Value.Check(schema, fact.data), JSON.stringify(fact)).toBe(true);
      }
    });
  });

  test('never changes a first promise, and a commit date only with the customer', () => {
    everyStep(({ before, facts, after }) => {
      const revised = facts.flatMap((fact) => (fact.type === 'PromiseRevised' ? [fact.data] : []));
      const agreed = revised.some(({ initiator, customerAgreed }) => customerAgreed || initiator === 'customer');
      for (const [index, line] of before.lines.entries()) {
        for (const [position, old] of line.scheduleLines.entries()) {
          const now = after.lines[index]?.scheduleLines[position];
          expect(now?.firstPromise).toBe(old.firstPromise);
          if (!agreed) expect(now?.commitPromise).toBe(old.commitPromise);
        }
      }
    });
  });

  test('never leaves a rejected or cancelled order', () => {
    everyStep(({ before, facts }) => {
      if (before.commercial === 'rejected' || before.commercial === 'cancelled') expect(facts).toEqual([]);
    });
  });

  test('closes only orders that are finished', () => {
    everyStep(({ facts, after }) => {
      if (!facts.some(({ type }) => type === 'OrderClosed')) return;
      for (const line of after.lines) expect(isFinished(line.ledger, after.tolerances)).toBe(true);
    });
  });

  test('is refused exactly where allowedCommands says so', () => {
    everyStep(({ before, command, context, facts }) => {
      const allowed = allowedCommands(before, context.occurredAt)[command.kind];
      if (allowed !== true) expect(facts).toEqual([]);
      const simple = command.kind === 'accept' || command.kind === 'reject' || command.kind === 'close';
      if (allowed === true && simple) expect(facts.length).toBe(1);
    });
  });

  test('gives the same bytes when decided again, and folds to the same state from JSON', () => {
    everyStep(({ before, command, context, facts, after }) => {
      const copy = JSON.parse(JSON.stringify(before)) as OrderState;
      const again = decide(copy, command, context);
      expect(canonicalJson(again.ok ? again.facts : [])).toBe(canonicalJson(facts));
      const times = { occurredAt: context.occurredAt, recordedAt: context.now };
      const refolded = facts.reduce((s, fact) => evolve(s, JSON.parse(JSON.stringify(fact)) as OrderFact, times), copy);
      expect(canonicalJson(refolded)).toBe(canonicalJson(after));
    });
  });

  test('changes no state in place', () => {
    everyStep(({ before, command, context }) => {
      const text = JSON.stringify(before);
      const decision = decide(before, command, context);
      for (const fact of decision.ok ? decision.facts : [])
        evolve(before, fact, { occurredAt: context.occurredAt, recordedAt: context.now });
      expect(JSON.stringify(before)).toBe(text);
    });
  });

  test('leaves every open order a way to its end', () => {
    fc.assert(
      fc.property(randomLife, (life) => {
        let state = live(life).at(-1)?.after ?? initial;
        for (const [index, command] of wayOut(state).entries()) state = step(state, command, 1000 + index).after;
        expect(['closed', 'rejected', 'cancelled']).toContain(state.commercial);
      }),
      { numRuns: runs },
    );
  });

  test('always has a display status', () => {
    everyStep(({ after, context }) => expect(displayStatus(after, context.occurredAt)).toMatch(/^[a-z-]+$/));
  });
});

/** What ends any order: release, then reject; or cancel the rest, let all arrive, close. */
function wayOut({ holds, shipments }: OrderState): OrderCommand[] {
  return [
    ...holds.map(({ holdId }) => command('release-hold', { holdId })),
    command('reject', {}),
    command('cancel', {}),
    ...shipments.map(({ shipmentId }) => command('deliver', { shipmentId })),
    command('close', {}),
  ];
}
