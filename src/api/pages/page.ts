import type { Action, Principal } from '../access.ts';

/** Pages for browsers. They are made elsewhere; this room decides who sees them and answers for what goes wrong. */

export interface Visit {
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly params: Readonly<Record<string, string>>;
  /** Who looks: what a page shows may depend on it. */
  readonly principal: Principal;
  /** Names the request in the log. */
  readonly traceId: string;
  /** Whether the visitor may do this too. */
  readonly may: (action: Action) => boolean;
}

export interface Page {
  readonly path: string;
  readonly action: Action;
  /** The page brings a script from our own files. It must work without. */
  readonly scripted?: true;
  /** HTML; undefined when there is no such thing. Throws InvalidValue. */
  answer(visit: Visit): Promise<string | undefined>;
}

/** What the form of a page asks for, by POST. */
export interface PageAction {
  readonly path: string;
  readonly action: Action;
  /** Does it, and answers the address of the page that shows what came of it. Throws InvalidValue. */
  act(visit: Visit & { readonly form: URLSearchParams }): Promise<string>;
}

/** Style sheets, scripts and icons, the same for everybody. */
export interface PageFile {
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
}

export interface Pages {
  readonly pages: readonly Page[];
  readonly actions?: readonly PageAction[];
  readonly files: readonly PageFile[];
  /** A form that posts `key` and `next` to /sign-in. */
  signIn(view: { readonly next: string; readonly fault?: string }): string;
  problem(view: {
    readonly title: string;
    readonly detail?: string;
    readonly help: string;
    readonly traceId: string;
  }): string;
}
