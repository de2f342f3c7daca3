/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { VNode } from 'preact';

/** What came of a form, told on the page that it leads to. */
const notices: Readonly<Record<string, string>> = {
  started: 'Started. Load the page again to see how far it is.',
  busy: 'Another rebuild is running; one runs at a time.',
  unknown: 'There is no such read model.',
  'nothing-built': 'Nothing is built beside it by this version; compare first.',
  dropped: 'What was built beside it was dropped.',
  'rolled-back': 'The generation before is shown again.',
  'no-previous': 'There is no generation to go back to.',
  'of-another-log': 'The generation before was made of another log and cannot go on with this one; rebuild instead.',
  repaired: 'The stream is folded and out of quarantine.',
  'not-parked': 'This stream is not parked any more.',
  'not-first': 'Another event waits first; look again.',
  'still-poisonous': 'An event still cannot be taken in; what came before it is folded.',
  refused: 'This cannot be recorded.',
};

export const Notice = ({ said }: { readonly said: string | undefined }): VNode | null => {
  const words = said !== undefined && Object.hasOwn(notices, said) ? notices[said] : undefined;
  return words === undefined ? null : (
    <p class="panel" role="status">
      {words}
    </p>
  );
};
