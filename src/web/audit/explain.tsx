/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { VNode } from 'preact';
import { instantText } from '../../audit/words.ts';
import { Field } from '../analytics/field.tsx';
import type { Assets } from '../analytics/page.tsx';
import type { ExplainView, ShownStep } from './explained.ts';
import { AuditPage } from './layout.tsx';
import { orderHistoryPath } from './links.ts';

export interface NamedKpi {
  readonly id: string;
  readonly title: string;
}

const places = ['status', 'commercial', 'shipTo', 'holds', 'shipments', 'lines', 'allowedCommands'] as const;

/** Which events made a field of an order, or what the order adds to a KPI. */
export const ExplainPage = ({
  view,
  kpis,
  assets,
}: {
  readonly view: ExplainView;
  readonly kpis: readonly NamedKpi[];
  readonly assets: Assets;
}): VNode => {
  const { orderId, field, kpi, value, steps } = view;
  const title =
    kpi === undefined ? `Why ${field ?? 'status'} is what it is` : `What the order adds to ${titleOf(kpis, kpi)}`;
  return (
    <AuditPage title={title} about={orderId} section="/audit" assets={assets}>
      <nav class="back" aria-label="Back">
        <a href={orderHistoryPath(orderId)}>History of the order</a>
      </nav>
      <form
        class="filters panel"
        method="get"
        action={`${orderHistoryPath(orderId)}/explain`}
        aria-label="What to explain"
      >
        <Field id="field" label="Place in the order">
          <input
            id="field"
            name="field"
            list="places"
            value={kpi === undefined ? (field ?? 'status') : ''}
            maxlength={300}
          />
          <datalist id="places">
            {places.map((place) => (
              <option key={place} value={place} />
            ))}
          </datalist>
        </Field>
        <Field id="kpi" label="Or a KPI">
          <select id="kpi" name="kpi">
            <option value="">none</option>
            {kpis.map(({ id, title: name }) => (
              <option key={id} value={id} selected={id === kpi}>
                {name}
              </option>
            ))}
          </select>
        </Field>
        <div class="actions">
          <button type="submit">Explain</button>
        </div>
      </form>
      <section class="subject" aria-labelledby="value">
        <h2 id="value">Now</h2>
        <Value value={value} />
      </section>
      <section class="subject" aria-labelledby="steps">
        <h2 id="steps">{steps.length === 1 ? 'The event that made it' : `The ${steps.length} events that made it`}</h2>
        {steps.length === 0 ? <p class="empty">No event has said anything about it.</p> : <StepList steps={steps} />}
      </section>
    </AuditPage>
  );
};

const titleOf = (kpis: readonly NamedKpi[], id: string): string => kpis.find((kpi) => kpi.id === id)?.title ?? id;

const StepList = ({ steps }: { readonly steps: readonly ShownStep[] }): VNode => (
  <ol class="events">
    {steps.map(({ event, sentence, from, to }) => (
      <li key={event.eventId}>
        <p class="when">
          <time datetime={event.metadata.occurredAt}>{instantText(event.metadata.occurredAt)}</time>
        </p>
        <p class="sentence">{sentence}</p>
        <div class="change">
          <Value value={from} />
          <span aria-hidden="true">→</span>
          <span class="hidden">became</span>
          <Value value={to} />
        </div>
      </li>
    ))}
  </ol>
);

const Value = ({ value }: { readonly value: readonly string[] }): VNode =>
  value.length === 1 ? <span class="value">{value[0]}</span> : <pre>{value.join('\n')}</pre>;
