import type { KpiAnswer, KpiCell } from '../query/answer.ts';
import type { Column, Table } from '../table.ts';

/** An answer as a table: a column per group, and per KPI its value with what it was made of. */
export function answerTable({ rows, conventions, group, percentiles }: KpiAnswer): Table {
  const groups = group.map((name): Column => {
    const words = [...new Set(rows.flatMap((row) => row.group[name] ?? []))];
    const codes = new Map(words.map((word, code) => [word, code]));
    const values = Int32Array.from(rows, (row) => codes.get(row.group[name] ?? '') ?? -1);
    return { name, about: `Group: ${name}`, kind: 'word', words, values };
  });
  const measured = conventions.flatMap(({ kpi, unit, grain }): Column[] => {
    const cells = rows.map((row) => row.kpis[kpi]);
    const numbers = (part: string, about: string, of: (cell: KpiCell) => number | null | undefined): Column => ({
      name: part === '' ? kpi : `${kpi}.${part}`,
      about,
      kind: 'number',
      values: Float64Array.from(cells, (cell) => (cell ? (of(cell) ?? Number.NaN) : Number.NaN)),
    });
    const columns = [
      numbers('', `${kpi} in ${unit}, by ${grain}`, ({ value }) => value),
      numbers('num', 'Numerator', ({ num }) => num),
      numbers('den', 'Denominator: what was counted', ({ den }) => den),
      numbers('n_open', 'Not due or not done yet, and so not counted', ({ n_open }) => n_open),
    ];
    if (cells.some((cell) => cell?.distribution)) {
      const distribution = (part: 'mean' | 'min' | 'max') => numbers(part, part, (cell) => cell.distribution?.[part]);
      columns.push(distribution('mean'), distribution('min'), distribution('max'));
      for (const p of percentiles)
        columns.push(numbers(`p${p}`, `Percentile ${p}`, (cell) => cell.distribution?.percentiles[`p${p}`]));
    }
    if (cells.some((cell) => cell?.compared)) {
      columns.push(numbers('compared', 'The value known then', ({ compared }) => compared?.value));
      columns.push(numbers('delta', 'Value now less value then', ({ compared }) => compared?.delta));
    }
    return columns;
  });
  return { name: 'kpis', rows: rows.length, columns: [...groups, ...measured] };
}
