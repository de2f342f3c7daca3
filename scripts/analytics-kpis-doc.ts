import { kpiCatalogue } from '../src/analytics/kpis/catalogue.ts';
import { families, type Kpi } from '../src/analytics/kpis/kpi.ts';

const conventions = `# KPIs of analytics

Computed from facts in memory, exactly: percentiles too, under any filter and grouping, and as of any position or instant. Every ratio is answered
as \`num\`, \`den\` and \`value\`, with \`n_open\` (units that belong to the question but are not counted yet). Totals are sums of \`num\` over sums of \`den\`.

- **Grain**: what is one unit; the first one named is taken if the question names none. A line is on time only if all its schedule lines are, an order only
  if all its lines are.
- **By**: the date that puts a unit into a period: its target (\`due\`), its delivery, its order, its departure; \`snapshot\` is the stock at one moment.
  Dates are local to the place of delivery, or to the zone that the question names.
- **Basis**: \`request\`, \`first_promise\`, \`commit\` (first promise, replaced only with the consent of the customer), \`last_promise\`, \`ship\`. \`commit\` if left out.
- **Population**: \`due\` counts what is open and overdue as failed; \`delivered\` counts only what was delivered. \`due\` if left out.
- **Percentiles**: \`linear\` is Hyndman and Fan's type 7 (\`percentile_cont\`), \`nearest\` their type 1 (\`percentile_disc\`); always over the units themselves.
- **Durations** are calendar days (seconds / 86,400), or hours of working time where the question gives a calendar.
`;

const section = (family: string): string => {
  const kpis = kpiCatalogue.filter((kpi) => kpi.family === family);
  return `\n## ${family[0]?.toUpperCase()}${family.slice(1)}\n${kpis.map(entry).join('')}`;
};

function entry(kpi: Kpi): string {
  const { id, title, definition, formula, unit, grains, by, basis, population, edgeRules, source, version, awaits } =
    kpi;
  const choices = [basis && 'basis', population && 'population'].filter(Boolean).join(' and ');
  const facts = [
    `${unit}; grain ${grains.join(', ')}; by ${by.join(', ')}${choices && `; ${choices} as asked`}; version ${version}`,
    `Formula: ${formula}.`,
    ...edgeRules,
    `Source: ${source}.`,
    ...(awaits ? [`**Cannot be computed yet**: awaits ${awaits.join(', ')}.`] : []),
  ];
  return `\n### \`${id}\`: ${title}\n\n${definition}\n\n${facts.map((fact) => `- ${fact}`).join('\n')}\n`;
}

/** Makes docs/analytics-kpis.md from the catalogue. */
export const analyticsKpisDoc = (): string => `${conventions}${families.map(section).join('')}`;
