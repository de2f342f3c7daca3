import { parseHTML } from 'linkedom';

/** As much of a parsed page as tests look at. */
export interface Element {
  readonly localName: string;
  readonly textContent: string;
  readonly id: string;
  getAttribute(name: string): string | null;
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element>;
}

export const parsed = (html: string): Element => parseHTML(html).document as unknown as Element;

export const every = (within: Element, selector: string): Element[] => [...within.querySelectorAll(selector)];

export const hrefs = (within: Element, selector: string): string[] =>
  every(within, selector).map((link) => link.getAttribute('href') ?? '');

/** The query string of a link, as the edge reads it. */
export function queryOf(href: string): Record<string, string | string[]> {
  const parameters = new URL(href, 'http://localhost').searchParams;
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}
