/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { VNode } from 'preact';
import { type Assets, Page } from './page.tsx';

export interface ProblemView {
  readonly title: string;
  readonly detail?: string;
  readonly help: string;
  readonly traceId: string;
}

/** What went wrong, and what to do. */
export const ProblemPage = ({
  title,
  detail,
  help,
  traceId,
  assets,
}: ProblemView & { readonly assets: Assets }): VNode => (
  <Page title={title} assets={assets} visitor={true}>
    <section class="narrow">
      <h1>{title}</h1>
      {detail !== undefined && <p>{detail}</p>}
      <p>{help}</p>
      <p>
        <a href="/analytics">Back to the numbers</a>
      </p>
      <p class="hint">Trace {traceId}</p>
    </section>
  </Page>
);
