/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { VNode } from 'preact';
import { bases } from '../../analytics/kpis/kpi.ts';
import { Field } from './field.tsx';
import type { Choice } from './filters.ts';
import { boardPath } from './links.ts';
import { momentText, type View } from './view.ts';
import { basisWords } from './words.ts';

const zones = [
  'UTC',
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'America/Chicago',
  'America/Los_Angeles',
  'America/Sao_Paulo',
  'Asia/Kolkata',
  'Asia/Singapore',
  'Asia/Tokyo',
  'Australia/Sydney',
];

const minute = (instant: string): string => instant.slice(0, 16);

/** A plain GET form: the address that it makes can be kept and sent. */
export const FilterForm = ({ view, choices }: { readonly view: View; readonly choices: readonly Choice[] }): VNode => {
  const others = otherFilters(view, choices);
  const asOf = view.asOf === undefined ? '' : momentText(view.asOf);
  const byPosition = view.asOf !== undefined && 'position' in view.asOf;
  return (
    <form class="filters panel" method="get" action={boardPath} aria-label="Filters">
      <Field id="basis" label="On time by">
        <select id="basis" name="basis">
          {bases.map((basis) => (
            <option key={basis} value={basis} selected={basis === view.basis}>
              {basisWords[basis].name}
            </option>
          ))}
        </select>
      </Field>
      <Field id="from" label="From">
        <input id="from" name="from" type="date" value={view.from ?? ''} />
      </Field>
      <Field id="to" label="To">
        <input id="to" name="to" type="date" value={view.to ?? ''} />
      </Field>
      <Field id="zone" label="Time zone">
        <input
          id="zone"
          name="zone"
          list="zones"
          value={view.zone ?? ''}
          placeholder="of the delivery"
          maxlength={60}
        />
        <datalist id="zones">
          {zones.map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      </Field>
      <Field id="asOf" label="As known at, UTC">
        {byPosition ? (
          <input id="asOf" name="asOf" type="text" value={asOf} maxlength={64} />
        ) : (
          <input id="asOf" name="asOf" type="datetime-local" value={minute(asOf)} />
        )}
      </Field>
      <div class="actions">
        <button type="submit">Show</button>
        <a href={boardPath}>Reset</a>
      </div>
      <details class="more" open={Object.keys(view.filter).length > 0}>
        <summary>Filter by customer, item and more</summary>
        <div class="filters">
          {choices.map(({ dimension, values }) => (
            <DimensionSelect
              key={dimension}
              dimension={dimension}
              values={values}
              chosen={view.filter[dimension] ?? []}
            />
          ))}
          {[...others, ''].map((pair, at) => (
            <Field
              key={pair}
              id={`other-${at}`}
              label={at === 0 ? 'Another dimension=value' : `Another dimension=value, ${at + 1}`}
            >
              <input id={`other-${at}`} name="filter" value={pair} maxlength={260} />
            </Field>
          ))}
        </div>
      </details>
    </form>
  );
};

interface DimensionProps {
  readonly dimension: string;
  readonly values: readonly string[];
  readonly chosen: readonly string[];
}

const DimensionSelect = ({ dimension, values, chosen }: DimensionProps): VNode => (
  <Field
    id={`dimension-${dimension}`}
    label={`${dimension[0]?.toUpperCase()}${dimension.slice(1).replaceAll('_', ' ')}`}
  >
    <select id={`dimension-${dimension}`} name="filter">
      <option value="">any</option>
      {values.map((value) => (
        <option key={value} value={`${dimension}=${value}`} selected={value === chosen[0]}>
          {value}
        </option>
      ))}
    </select>
  </Field>
);

/** What the lists cannot say: values of other dimensions, and more than one value of one. */
function otherFilters({ filter }: View, choices: readonly Choice[]): string[] {
  return Object.entries(filter).flatMap(([dimension, chosen]) => {
    const listed = choices.find((choice) => choice.dimension === dimension);
    const rest = listed?.values.includes(chosen[0] ?? '') ? chosen.slice(1) : chosen;
    return rest.map((value) => `${dimension}=${value}`);
  });
}
