import { type Instant, localDateOf } from '../values/dates.ts';
import { type Customer, plantZone } from './factory.ts';
import {
  type EnteredLine,
  enteredLines,
  type Part,
  partOf,
  pieces,
  placeCommand,
  promisedParts,
  promiseOf,
  shipDay,
} from './order-entry.ts';
import { parcels } from './parcels.ts';
import type { Random } from './random.ts';
import { actors, inOrderOfTime, type TimedCommand } from './script.ts';
import { minutesAfter, workday } from './working-days.ts';

const day = 24 * 60;

/** An order as it goes on: what was written so far, what is to be delivered, and when the last step was. */
export interface Life {
  readonly random: Random;
  readonly customer: Customer;
  readonly commands: TimedCommand[];
  lines: EnteredLine[];
  parts: Part[];
  now: Instant;
}

/** Everything that happens to one order from entry to close. Nothing in it depends on anything but its arguments. */
export function orderLife(random: Random, customer: Customer, placedAt: Instant): TimedCommand[] {
  const lines = enteredLines(random, customer, placedAt);
  const place = placeCommand(random, customer, lines, placedAt);
  const life: Life = { random, customer, commands: [place], lines, parts: [], now: placedAt };
  checkOrder(life);
  if (random.chance(0.015)) return declined(life);
  promiseDates(life);
  life.now = minutesAfter(life.now, random.between(5, day));
  life.commands.push({ kind: 'accept', body: {}, at: life.now, actor: actors.orderDesk });
  if (random.chance(0.025)) return withdrawn(life);
  if (random.chance(0.06)) raiseQuantity(life);
  if (random.chance(0.04)) holdForCredit(life);
  if (random.chance(0.05)) postpone(life);
  if (random.chance(0.025)) dropLine(life);
  parcels(life);
  return inOrderOfTime(life.commands);
}

/** A doubtful order is held until somebody has looked at it. */
function checkOrder(life: Life): void {
  const { random, commands } = life;
  if (!random.chance(0.05)) return;
  const placedAt = minutesAfter(life.now, random.between(1, 10));
  life.now = minutesAfter(placedAt, random.between(30, 300));
  const hold = { holdId: 'check', holdType: 'validation' } as const;
  commands.push({ kind: 'hold', body: hold, at: placedAt, actor: actors.orderDesk, reason: { code: 'price-differs' } });
  commands.push({ kind: 'release-hold', body: { holdId: 'check' }, at: life.now, actor: actors.orderDesk });
}

function declined({ random, commands, now }: Life): TimedCommand[] {
  const at = minutesAfter(now, random.between(60, day));
  const code = random.pick(['not-deliverable', 'price-not-agreed', 'duplicate']);
  commands.push({ kind: 'reject', body: {}, at, actor: actors.orderDesk, reason: { code } });
  return commands;
}

function promiseDates(life: Life): void {
  const { random, customer, commands, lines } = life;
  life.now = minutesAfter(life.now, random.between(20, 600));
  life.parts = promisedParts(random, customer, lines, localDateOf(life.now, plantZone));
  const commit = life.parts.map((part) => ({
    lineNo: part.lineNo,
    qty: pieces(part.quantity),
    promise: promiseOf(part, customer),
  }));
  commands.push({ kind: 'promise', body: { commit }, at: life.now, actor: actors.planning });
}

function withdrawn({ random, customer, commands, now }: Life): TimedCommand[] {
  const byCustomer = random.chance(0.8);
  commands.push({
    kind: 'cancel',
    body: { initiator: byCustomer ? 'customer' : 'supplier' },
    at: minutesAfter(now, random.between(30, day)),
    actor: byCustomer ? actors.customer(customer.customerId) : actors.orderDesk,
    reason: { code: byCustomer ? 'project-stopped' : 'not-deliverable' },
  });
  return commands;
}

/** The customer wants more of a line; the addition gets a promise of its own. */
function raiseQuantity(life: Life): void {
  const { random, customer, commands, lines, parts } = life;
  const line = lines[random.between(0, lines.length - 1)];
  if (!line) return;
  const added = Math.max(1, Math.round(line.quantity * 0.3));
  const mine = parts.filter(({ lineNo }) => lineNo === line.lineNo);
  const due = workday(mine.at(-1)?.due ?? line.requested, random.between(1, 5));
  const part = partOf(customer, line.lineNo, mine.length + 1, added, due);
  const askedAt = minutesAfter(life.now, random.between(30, day));
  life.now = minutesAfter(askedAt, random.between(10, 180));
  life.parts = [...parts, part];
  const change = [{ lineNo: line.lineNo, qty: pieces(line.quantity + added) }];
  const commit = [{ lineNo: line.lineNo, qty: pieces(added), promise: promiseOf(part, customer) }];
  const actor = actors.customer(customer.customerId);
  commands.push({ kind: 'change-lines', body: { initiator: 'customer', change }, at: askedAt, actor });
  commands.push({ kind: 'promise', body: { commit }, at: life.now, actor: actors.planning });
}

function holdForCredit(life: Life): void {
  const { random, commands } = life;
  const placedAt = minutesAfter(life.now, random.between(5, 120));
  life.now = minutesAfter(placedAt, random.between(day / 2, 4 * day));
  const hold = { holdId: 'credit', holdType: 'credit' } as const;
  commands.push({ kind: 'hold', body: hold, at: placedAt, actor: actors.credit, reason: { code: 'limit-exceeded' } });
  commands.push({ kind: 'release-hold', body: { holdId: 'credit' }, at: life.now, actor: actors.credit });
}

/** The customer wants everything later: the commit dates move with it. */
function postpone(life: Life): void {
  const { random, customer, commands } = life;
  const days = random.between(5, 20);
  life.parts = life.parts.map((part) => {
    const due = workday(part.due, days);
    return { ...part, due, shipOn: shipDay(due, customer.transit) };
  });
  life.now = minutesAfter(life.now, random.between(30, day));
  const revise = life.parts.map((part) => ({
    lineNo: part.lineNo,
    scheduleId: part.scheduleId,
    promise: promiseOf(part, customer),
  }));
  commands.push({
    kind: 'promise',
    body: { initiator: 'customer', customerAgreed: true, revise },
    at: life.now,
    actor: actors.customer(customer.customerId),
    reason: { code: 'site-not-ready' },
  });
}

function dropLine(life: Life): void {
  const { random, commands, lines } = life;
  const line = lines.at(-1);
  if (!line || lines.length === 1) return;
  const byCustomer = random.chance(0.7);
  life.now = minutesAfter(life.now, random.between(30, day));
  life.parts = life.parts.filter(({ lineNo }) => lineNo !== line.lineNo);
  commands.push({
    kind: 'cancel-line',
    body: { lineNo: line.lineNo, initiator: byCustomer ? 'customer' : 'supplier' },
    at: life.now,
    actor: actors.orderDesk,
    reason: { code: byCustomer ? 'not-needed' : 'item-discontinued' },
  });
}
