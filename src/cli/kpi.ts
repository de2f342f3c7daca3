import { Argument, Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { grains, kpiCatalogue, populations } from '../projections/kpi/catalogue.ts';
import { bases } from '../projections/kpi/outcome.ts';
import { type KpiAnswer, queryKpi } from '../projections/kpi/reader.ts';
import { withHouse } from './house.ts';
import { type Output, table } from './output.ts';

/** `orderfold kpi`: one KPI, grouped and filtered, exact, with numerator and denominator. */
export function kpiCommand(output: Output) {
  return new Command('kpi')
    .description('One KPI from the KPI tables, with num, den and value for each group')
    .addArgument(new Argument('[kpi]', 'name of the KPI; without it, the list of KPIs'))
    .addOption(new Option('--grain <grain>', 'what is counted').choices(grains).default('line' as const))
    .addOption(new Option('--basis <basis>', 'which date is kept or missed').choices(bases).default('commit' as const))
    .addOption(
      new Option('--population <who>', 'due: also what is open and overdue, as late')
        .choices(populations)
        .default('due' as const),
    )
    .option('--group <names>', 'comma-separated: month, day or any dimension', commaSeparated, [] as readonly string[])
    .option('--filter <dimension=value>', 'only this value; repeatable', filterBy, {} as Filters)
    .option('--as-of <date>', 'judge overdue on this local date (YYYY-MM-DD); today, if left out')
    .option('--from <date>', 'attributed on or after')
    .option('--to <date>', 'attributed on or before')
    .option('--json', 'answer as JSON')
    .action(async (kpi, { group, filter, asOf, from, to, json, ...options }) => {
      if (kpi === undefined) return listKpis(output, json);
      const answer = await withHouse((house) =>
        queryKpi(house.database, {
          kpi,
          ...options,
          group,
          filter,
          asOf: asOf ?? house.clock().slice(0, 10),
          ...(from !== undefined && { from }),
          ...(to !== undefined && { to }),
        }),
      );
      output.data(json ? JSON.stringify(forPrograms(answer)) : asTable(answer, group));
    });
}

type Filters = Readonly<Record<string, readonly string[]>>;

const commaSeparated = (text: string, before: readonly string[]): readonly string[] => [
  ...before,
  ...text.split(',').map((name) => name.trim()),
];

function filterBy(text: string, before: Filters): Filters {
  const [name, ...rest] = text.split('=');
  if (!name || rest.length === 0) throw new InvalidArgumentError('dimension=value is expected');
  const soFar = Object.hasOwn(before, name) ? before[name] : undefined;
  return { ...before, [name]: [...(soFar ?? []), rest.join('=')] };
}

function listKpis(output: Output, json: true | undefined): void {
  const rows = kpiCatalogue.map(({ id, unit, grains }) => [id, unit, grains.join(' ')]);
  output.data(json ? JSON.stringify(kpiCatalogue) : table(['kpi', 'unit', 'grains'], rows));
}

/** An ungrouped answer carries its numbers at the top as well, where a script expects them. */
function forPrograms(answer: KpiAnswer): object {
  const [only] = answer.rows;
  const whole = answer.rows.length === 1 && only && Object.keys(only.group).length === 0;
  return whole
    ? { ...answer, num: only.num, den: only.den, value: only.value, n_open: only.n_open, ...only.distribution }
    : answer;
}

function asTable({ rows, unit, by }: KpiAnswer, group: readonly string[]): string {
  const duration = rows.some((row) => row.distribution);
  const columns = [...group, 'num', 'den', 'value', 'open', ...(duration ? ['median', 'p90', 'p95', 'max'] : [])];
  const lines = rows.map((row) => [
    ...group.map((name) => row.group[name] ?? ''),
    row.num,
    row.den,
    row.value === null ? null : row.value.toFixed(6),
    row.n_open,
    ...(row.distribution
      ? [row.distribution.median, row.distribution.p90, row.distribution.p95, row.distribution.max]
      : []),
  ]);
  return `${table(columns, lines)}\n(${unit}; attributed by ${by})`;
}
