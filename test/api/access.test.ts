import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Action, actionsOf, allActions, can, type Principal, type Role, roles } from '../../src/api/access.ts';

const everyRole = Object.keys(roles) as Role[];
const role = fc.constantFrom(...everyRole);
const action = fc.constantFrom(...allActions);
const writes = allActions.filter((name) => !/\.(read|events|history)$/.test(name));

describe('can', () => {
  it('lets auditors change nothing, and analysts only what is watched', () => {
    const changed = (name: Role) => writes.filter((write) => can({ id: 'a', role: name }, write) === 'allowed');
    expect(changed('auditor')).toEqual([]);
    expect(changed('analyst')).toEqual(['alert.acknowledge', 'watch.change']);
  });

  it('hides what belongs to another customer, in every action of a customer', () => {
    const customer: Principal = { id: 'c', role: 'customer', customerId: 'mine' };
    for (const one of roles.customer) {
      expect(can(customer, one, { kind: 'order', customerId: 'mine' })).toBe('allowed');
      expect(can(customer, one, { kind: 'order', customerId: 'other' })).toBe('hidden');
    }
  });

  it('allows nothing to a customer key without a customer', () => {
    for (const one of allActions) expect(can({ id: 'c', role: 'customer' }, one)).toBe('forbidden');
  });

  it('allows with scopes exactly what role and scopes both allow', () => {
    fc.assert(
      fc.property(role, fc.uniqueArray(action), action, (name, scopes, asked) => {
        const principal: Principal = { id: 'p', role: name, customerId: 'mine', scopes };
        const granted: readonly Action[] = roles[name];
        const both = granted.includes(asked) && scopes.includes(asked);
        expect(can(principal, asked)).toBe(both ? 'allowed' : 'forbidden');
        expect(actionsOf(principal).includes(asked)).toBe(both);
      }),
    );
  });
});
