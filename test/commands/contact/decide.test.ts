import { describe, expect, test } from 'vitest';
import { contactAggregate } from '../../../src/commands/contact/aggregate.ts';
import { type ContactCommand, hidden } from '../../../src/commands/contact/commands.ts';
import { orderAggregate } from '../../../src/commands/order/aggregate.ts';
import type { ContactFact } from '../../../src/events/catalog/index.ts';
import { orderId, orderNo, place } from '../../support/orders.ts';
import { specificationOf } from '../../support/spec.ts';

const { given } = specificationOf(contactAggregate);
const contactId = '0190a6b2-7c4e-7d3a-9f10-3c5b8f1e2d4a';
const details = hidden(contactId, { name: 'Ada', phone: '+49 30 1' });
const add = (more: Partial<Extract<ContactCommand, { kind: 'add' }>> = {}): ContactCommand => ({
  ...{ kind: 'add', contactId, customerId: 'C-1', customerKnown: true },
  body: { ...details, role: 'gate' },
  ...more,
});
const added: ContactFact = { type: 'ContactAdded', data: { contactId, customerId: 'C-1', ...details, role: 'gate' } };
const removed: ContactFact = { type: 'ContactRemoved', data: { contactId } };

describe('a contact', () => {
  test('is added to a customer that is registered, once', () => {
    given().when(add()).thenHappened(added);
    given()
      .when(add({ customerKnown: false }))
      .thenRefused('customer-unknown', '/customerId');
    given(added).when(add()).thenRefused('contact-exists');
  });

  test('changes in what is named; null is not kept any more', () => {
    const body = { phone: null, role: 'planning', ...hidden(contactId, { name: 'Ada L.' }) };
    given(added)
      .when({ kind: 'change', body })
      .thenHappened({
        type: 'ContactChanged',
        data: { contactId, name: body.name, role: 'planning', cleared: ['phone'] },
      });
    given(added).when({ kind: 'change', body: {} }).thenRefused('nothing-asked');
    given().when({ kind: 'change', body }).thenRefused('contact-unknown');
    given(added, removed).when({ kind: 'change', body }).thenRefused('contact-removed');
  });

  test('is removed once', () => {
    given(added).when({ kind: 'remove' }).thenHappened(removed);
    given(added, removed).when({ kind: 'remove' }).thenNothing();
    given().when({ kind: 'remove' }).thenRefused('contact-unknown');
  });

  test('is not for facts of others', () => {
    const times = { occurredAt: '2026-03-01T00:00:00.000Z', recordedAt: '2026-03-01T00:00:00.000Z' };
    expect(() => contactAggregate.evolve(null, removed, times)).toThrow('not the first fact');
    const state = contactAggregate.evolve(null, added, times);
    expect(() => contactAggregate.evolve(state, { type: 'OrderClosed' } as never, times)).toThrow('not a fact');
  });

  test('of an order is one of the customer who orders', () => {
    const { given: order } = specificationOf(orderAggregate);
    const asked = place({ shipTo: { zone: 'Europe/Berlin', contactId } });
    if (asked.kind !== 'place') throw new Error('This places an order');
    const { customer } = asked.placement;
    const withContact = (contact: { customerId: string; removed: boolean } | undefined) => ({
      ...asked,
      placement: { orderId, orderNo, customer, contact },
    });
    const own = customer?.customerId ?? '';
    const where = '/shipTo/contactId';
    expect(order().when(withContact({ customerId: own, removed: false })).decision.ok).toBe(true);
    order().when(withContact(undefined)).thenRefused('contact-not-there', where);
    order()
      .when(withContact({ customerId: 'another', removed: false }))
      .thenRefused('contact-of-another', where);
    order()
      .when(withContact({ customerId: own, removed: true }))
      .thenRefused('contact-removed', where);
  });
});
