import { kpiCatalogue } from '../src/projections/kpi/catalogue.ts';

const conventions = `# KPIs

Each KPI is answered from the fact tables, exactly, as \`num\`, \`den\` and \`value\`, with \`n_open\` (units that are not counted yet):

    orderfold kpi on_time_rate --grain line --basis commit --population due --group month,country --filter mode=Air --json
    GET /v1/kpis/on_time_rate?grain=line&basis=commit&population=due&group=month,country&filter=mode=Air

- **Grain**: what is one unit: \`schedule-line\` (a quantity with a promise), \`line\`, \`shipment\`, \`order\`. A line is on time only if all its
  schedule lines are, an order only if all its lines are. A shipment is judged by the schedule lines that it completed; one that brought only parts of
  what others completed is not counted.
- **Basis**: which date is kept or missed: \`request\` (what the customer asked for), \`first_promise\`, \`commit\` (first promise, replaced only by changes
  that the customer asked for or agreed to), \`last_promise\`, \`ship\` (departure against planned departure). A date is kept until the end of that day in the zone
  of the promise.
- **Population**: \`due\` counts what was delivered and what is open and overdue (as late); \`delivered\` counts only what was delivered. Cancelled by the
  customer is in neither.
- **As of**: the local date on which overdue is judged; today, if left out. Later deliveries have not happened yet.
- **Durations** are days (seconds / 86,400); percentiles are interpolated between the two nearest units.

| KPI | unit | grains | definition |
| --- | --- | --- | --- |
`;

/** Makes docs/kpis.md from the catalogue. */
export function kpisDoc(): string {
  return `${conventions}${kpiCatalogue.map(({ id, unit, grains, formula }) => `| \`${id}\` | ${unit} | ${grains.join(', ')} | ${formula} |`).join('\n')}\n`;
}
