import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandOf, recordedCommand } from '../../src/commands/recorded.ts';

const clock = { now: '2026-03-01T08:00:00.000Z', recordedAt: '2026-03-01T08:00:00.000Z' };
const keep = (command: unknown, facts: readonly { data: unknown }[]) => {
  const recorded = recordedCommand(command, facts, clock);
  if (!recorded) throw new Error('Not recorded');
  return recorded;
};
const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe('a recorded command', () => {
  test('any command comes back, whatever its events repeat of it', () => {
    const word = fc.constantFrom('lines', 'qty', 'orderNo', '__proto__', 'is', 'each', 'with', 'without');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<unknown>(null, true, 0, 1, '', 'a'),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(word, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    const object = fc.dictionary(word, tree, { maxKeys: 4, noNullPrototype: true });
    const property = fc.property(object, fc.array(object, { maxLength: 3 }), fc.boolean(), (body, datas, alike) => {
      const facts = [...(alike ? [body] : []), ...datas].map((data) => ({ data: stored(data) }));
      const recorded = stored(keep({ kind: 'do', body }, facts));
      expect(commandOf(recorded, stored(facts))).toEqual({ kind: 'do', body });
    });
    fc.assert(property, { numRuns: process.env.ORDERFOLD_SOAK ? 20_000 : 500 });
  });

  test('does not repeat what the events say', () => {
    const lines = Array.from({ length: 500 }, (_, at) => ({ sku: `S-${at}`, qty: { value: '1', uom: 'C62' } }));
    const facts = [0, 200, 400].map((from) => ({
      data: {
        orderNo: 'SO-1',
        lines: lines.slice(from, from + 200).map((line, at) => ({ ...line, lineNo: from + at + 1 })),
      },
    }));
    const command = { kind: 'place', body: { lines }, placement: { orderNo: 'SO-1' } };
    const recorded = keep(command, facts);
    expect(recorded.asked.body).toEqual({ without: ['orderNo'], with: { lines: { each: { without: ['lineNo'] } } } });
    expect(commandOf(recorded, facts)).toEqual(command);
  });

  test('a value that is sealed in its event is nowhere else, and comes back sealed', () => {
    class Secret {
      toJSON = () => 'secret';
    }
    const phone = new Secret();
    const decided = [{ data: { person: 'P-1', contact: { phone } } }];
    const sealed = [{ data: { person: 'P-1', contact: { phone: { box: '9f3' } } } }];
    const recorded = keep({ kind: 'tell', body: { contact: { phone } } }, decided);
    expect(JSON.stringify(recorded)).not.toContain('secret');
    expect(commandOf(recorded, sealed)).toEqual({ kind: 'tell', body: { contact: { phone: { box: '9f3' } } } });
    expect(recordedCommand({ kind: 'tell', body: { phone } }, decided, clock)).toBeUndefined();
  });
});
