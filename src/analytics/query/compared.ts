import type { KpiAnswer, KpiCell, KpiRow, KpiValue } from './answer.ts';
import { byWords, keyOf } from './rows.ts';
import { nothing } from './values.ts';

/** Puts what was known then beside what is known now; rows that only one of them has stand with nothing in the other. */
export function withCompared(now: KpiAnswer, then: KpiAnswer): KpiRow[] {
  const { group: names, conventions } = now;
  const rowsNow = byKey(now);
  const rowsThen = byKey(then);
  const all = new Map([...rowsNow, ...rowsThen]);
  return [...all.keys()]
    .map((key) => ({
      group: (all.get(key) as KpiRow).group,
      kpis: Object.fromEntries(
        conventions.map(({ kpi }) => [
          kpi,
          compare(rowsNow.get(key)?.kpis[kpi] ?? nothing, rowsThen.get(key)?.kpis[kpi] ?? nothing),
        ]),
      ),
    }))
    .sort((a, b) => byWords(a.group, b.group, names));
}

const byKey = ({ rows, group }: KpiAnswer): Map<string, KpiRow> =>
  new Map(rows.map((row) => [keyOf(row.group, group), row]));

const compare = (now: KpiValue, then: KpiValue): KpiCell => ({
  ...now,
  compared: { ...then, delta: now.value === null || then.value === null ? null : now.value - then.value },
});
