import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { Code, Country, Dimensions, Text } from '../../src/events/catalog/terms.ts';

const schemas = { Code: Compile(Code), Text: Compile(Text), Country: Compile(Country) };
const dimensions = Compile(Dimensions);

/** What PostgreSQL refuses to store would be accepted by the log and then park the stream of the order. */
describe('words that no store could keep are refused at the edge', () => {
  const unstorable = { 'a NUL': 'a\u0000b', 'half a character': 'a\ud800b', 'a control character': 'a\u0007b' };

  test.each(Object.entries(unstorable))('%s', (_, text) => {
    for (const schema of Object.values(schemas)) expect(schema.Check(text)).toBe(false);
    expect(dimensions.Check({ mode: text })).toBe(false);
  });

  test('words of any language and whole characters beyond the basic plane pass', () => {
    for (const schema of Object.values(schemas)) expect(schema.Check('Łódź № 東京 🚚')).toBe(true);
    expect(schemas.Text.Check('two\nlines\twith a tab')).toBe(true);
    expect(dimensions.Check({ mode: 'Luft 🛩' })).toBe(true);
  });
});
