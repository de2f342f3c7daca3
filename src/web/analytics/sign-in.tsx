/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { VNode } from 'preact';
import { type Assets, Page } from './page.tsx';

export interface SignInView {
  /** Where to go when it worked. */
  readonly next: string;
  /** What went wrong the last time. */
  readonly fault?: string;
}

/** A form that takes an API key. */
export const SignIn = ({ next, fault, assets }: SignInView & { readonly assets: Assets }): VNode => (
  <Page title="Sign in" assets={assets} visitor={false}>
    <section class="narrow">
      <h1>Sign in</h1>
      <p>
        The pages are for keys that may read analytics or the history of orders, such as those of analysts, auditors and
        the order desk.
      </p>
      {fault !== undefined && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      <form method="post" action="/sign-in" class="stack">
        <input type="hidden" name="next" value={next} />
        <label for="key">API key</label>
        <input
          id="key"
          name="key"
          type="password"
          autocomplete="current-password"
          required
          maxlength={200}
          spellcheck={false}
        />
        <button type="submit">Sign in</button>
      </form>
      <p class="hint">
        The session lasts eight hours and ends with the key. Browsers keep its cookie only over HTTPS, or on the machine
        of the service itself.
      </p>
    </section>
  </Page>
);
