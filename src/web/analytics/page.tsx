/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';
import { render } from 'preact-render-to-string';

/** Where the pages find their files; the addresses change when the files do. */
export interface Assets {
  readonly styles: readonly string[];
  readonly icon: string;
  /** Runs after the page was read. */
  readonly script?: string;
}

export interface PageProps {
  readonly title: string;
  readonly assets: Assets;
  /** Whether somebody is signed in. */
  readonly visitor: boolean;
  readonly children: ComponentChildren;
}

/** The frame of every page. */
export const Page = ({ title, assets, visitor, children }: PageProps): VNode => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{`${title} · Orderfold`}</title>
      <link rel="icon" href={assets.icon} type="image/svg+xml" />
      {assets.styles.map((style) => (
        <link key={style} rel="stylesheet" href={style} />
      ))}
      {assets.script !== undefined && <script type="module" src={assets.script} />}
    </head>
    <body>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <a class="brand" href="/analytics">
          <svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true" focusable="false">
            <path d="M2 3h8l4 5-4 5H2l4-5z" fill="currentColor" />
          </svg>
          Orderfold
        </a>
        <nav aria-label="Site">
          {visitor && <a href="/analytics">Analytics</a>}
          {visitor && <a href="/audit">Audit</a>}
          <a href="/docs">API</a>
          {visitor && (
            <form method="post" action="/sign-out">
              <button type="submit" class="quiet">
                Sign out
              </button>
            </form>
          )}
        </nav>
      </header>
      <main id="main">{children}</main>
    </body>
  </html>
);

export const html = (page: VNode): string => `<!doctype html>\n${render(page)}\n`;
