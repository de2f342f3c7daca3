import type { Action } from '../access.ts';

/** Pages for browsers. They are made elsewhere; this room decides who sees them and answers for what goes wrong. */

export interface Visit {
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly params: Readonly<Record<string, string>>;
  /** Whether the visitor may do this too. */
  readonly may: (action: Action) => boolean;
}

export interface Page {
  readonly path: string;
  readonly action: Action;
  /** HTML; undefined when there is no such thing. Throws InvalidValue. */
  answer(visit: Visit): Promise<string | undefined>;
}

/** Style sheets and icons, the same for everybody. */
export interface PageFile {
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
}

export interface Pages {
  readonly pages: readonly Page[];
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
