/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { VNode } from 'preact';
import type { Kpi } from '../../analytics/kpis/kpi.ts';
import type { CellUnit } from '../../analytics/query/answer.ts';
import { apiAddress, boardAddress, cellAddress, orderAddress } from './links.ts';
import { type Assets, Page } from './page.tsx';
import { type CellView, type Found, type Show, shows } from './units.ts';
import type { View } from './view.ts';
import { basisWords, countText, instantText, monthText, nothing, positionText, valueText } from './words.ts';

/** The orders behind one number, each with the way to its events. */
export const CellPage = ({
  cell,
  found,
  assets,
}: {
  readonly cell: CellView;
  readonly found: Found;
  readonly assets: Assets;
}): VNode => {
  const { kpi, view, place } = cell;
  const { units, total } = found;
  return (
    <Page title={kpi.title} assets={assets} visitor={true}>
      <nav class="back" aria-label="Back">
        <a href={boardAddress(view)}>Delivery performance</a>
      </nav>
      <div class="head">
        <h1>{kpi.title}</h1>
        <p class="standing">{choiceText(cell)}</p>
      </div>
      <p class="definition wide">
        {kpi.definition} <span class="formula">{kpi.formula}</span>
      </p>
      <ul class="rules">
        {kpi.edgeRules.map((rule) => (
          <li key={rule}>{rule}</li>
        ))}
        <li>Source: {kpi.source}</li>
      </ul>
      <nav class="contents" aria-label="Which units">
        {shows
          .filter((show) => show !== 'failed' || kpi.unit === 'ratio')
          .map((show) => (
            <a
              key={show}
              href={cellAddress(view, { ...place, show })}
              aria-current={show === cell.show ? 'true' : undefined}
            >
              {showWords[show]}
            </a>
          ))}
      </nav>
      <p>
        {total === 0 ? 'Nothing is behind this number.' : `${countText(total)} ${total === 1 ? 'unit' : 'units'}`}
        {units.length < total && `, of which the first ${countText(units.length)} are shown`}
      </p>
      {units.length > 0 && <UnitTable units={units} cell={cell} />}
      <p class="hint">
        For programs, with a key: <code>{apiAddress(view, place)}</code>
      </p>
    </Page>
  );
};

const showWords: Readonly<Record<Show, string>> = { all: 'All', failed: 'Failures', open: 'Open' };

/** What tells units apart; columns in which nothing stands are left out. */
const places = [
  { head: 'Line', of: ({ lineNo }: CellUnit) => lineNo?.toString() },
  { head: 'Schedule line', of: ({ scheduleId }: CellUnit) => scheduleId },
  { head: 'Shipment', of: ({ shipmentId }: CellUnit) => shipmentId },
];

const UnitTable = ({
  units,
  cell: { kpi },
}: {
  readonly units: readonly CellUnit[];
  readonly cell: CellView;
}): VNode => {
  const shown = places.filter(({ of }) => units.some((unit) => (of(unit) ?? null) !== null));
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            {['Order', ...shown.map(({ head }) => head), 'Counted'].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
            <th scope="col" class="number">
              {kpi.unit === 'ratio' ? 'Good' : kpi.title}
            </th>
          </tr>
        </thead>
        <tbody>
          {units.map((unit) => (
            <tr key={[unit.orderId, unit.lineNo, unit.scheduleId, unit.shipmentId].join()}>
              <th scope="row">
                <a href={orderAddress(unit.orderId)}>{unit.orderNo === '' ? unit.orderId : unit.orderNo}</a>
              </th>
              {shown.map(({ head, of }) => (
                <td key={head}>{of(unit) ?? nothing}</td>
              ))}
              <td>{unit.counted ? 'yes' : 'open'}</td>
              <td class="number">{worthOf(unit, kpi)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

function worthOf({ good, value }: CellUnit, kpi: Kpi): VNode | string {
  if (good === null) return valueText(kpi.unit, value);
  return good ? 'yes' : <strong class="bad">no</strong>;
}

function choiceText({ view, place, kpi }: CellView): string {
  const { month, atLeast, below } = place;
  return [
    ...(month === undefined ? [] : [monthText(month)]),
    ...(atLeast === undefined ? [] : [`from ${valueText(kpi.unit, atLeast)}`]),
    ...(below === undefined ? [] : [`under ${valueText(kpi.unit, below)}`]),
    ...(kpi.basis ? [`by ${basisWords[view.basis].name.toLowerCase()}`] : []),
    ...filterWords(view),
  ].join(' · ');
}

function filterWords({ from, to, filter, zone, asOf, on }: View): string[] {
  return [
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(to === undefined ? [] : [`to ${to}`]),
    ...Object.entries(filter).map(([name, values]) => `${name} ${values.join(' or ')}`),
    ...(zone === undefined ? [] : [zone]),
    ...(asOf === undefined
      ? []
      : [`as known at ${'instant' in asOf ? instantText(asOf.instant) : `position ${positionText(asOf.position)}`}`]),
    ...(on === undefined ? [] : [`judged on ${on}`]),
  ];
}
