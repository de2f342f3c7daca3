import { describe, expect, test } from 'vitest';
import { customerAggregate } from '../../../src/commands/customer/aggregate.ts';
import type { CustomerFact } from '../../../src/events/catalog/index.ts';
import { specificationOf } from '../../support/spec.ts';

const { given } = specificationOf(customerAggregate);
const acme = { customerId: 'ACME', name: 'Acme', zone: 'Europe/Berlin', tolerances: { under: '0', over: '0.05' } };
const register = (more: Partial<typeof acme> = {}) => ({ kind: 'register', body: { ...acme, ...more } }) as const;
const registered: CustomerFact = { type: 'CustomerRegistered', data: acme };

describe('register', () => {
  test('opens a customer account', () => {
    given().when(register()).thenHappened(registered);
  });

  test('again with the same data changes nothing, with other data is refused', () => {
    given(registered).when(register()).thenNothing();
    given(registered)
      .when(register({ name: 'Other' }))
      .thenRefused('customer-exists', '/customerId');
  });

  test('refuses an unknown zone and a time to come', () => {
    given()
      .when(register({ zone: 'Moon' }))
      .thenRefused('zone-unknown', '/zone');
    given().when(register(), { occurredAt: '2026-03-11T00:00:00Z' }).thenRefused('occurred-in-future', '/occurredAt');
  });

  test('evolve throws on any other fact', () => {
    const foreign = { type: 'OrderAccepted', data: {} } as unknown as CustomerFact;
    const times = { occurredAt: '2026-03-01T00:00:00.000Z', recordedAt: '2026-03-01T00:00:00.000Z' };
    expect(() => customerAggregate.evolve(null, foreign, times)).toThrow('not a fact of a customer');
  });
});
