/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';

/** A field of a form with its label. */
export const Field = ({
  id,
  label,
  children,
}: {
  readonly id: string;
  readonly label: string;
  readonly children: ComponentChildren;
}): VNode => (
  <div class="field">
    <label for={id}>{label}</label>
    {children}
  </div>
);
