import { importInto } from './import-files.ts';
import { memoryLog } from './memory-log.ts';

/** Imports files into an empty log and shows what was recorded. */
export async function told(mapping: object, ...files: string[]) {
  const log = memoryLog();
  const summary = await importInto(log, mapping, { files });
  const dataOf = <T>(type: string): T[] =>
    log.events.filter((event) => event.type === type).map(({ data }) => data as T);
  return { summary, events: log.events, dataOf };
}

/** A mapping of one line per row, without dates. */
export const base = {
  name: 'example',
  order: { key: 'order', currency: { value: 'EUR' } },
  customer: { id: { value: 'C1' } },
  line: { number: 'pos', sku: 'item', quantity: 'qty' },
};
