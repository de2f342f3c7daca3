import type { PlotOptions } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { h, type VNode } from 'preact';

/**
 * Plot draws into a document of its own; what it drew is copied into the page element by element, so that texts and addresses
 * are escaped by the one renderer of the page. Style sheets and style attributes stay behind: the policy of the pages forbids
 * them, and style.css has the rules.
 */
export async function drawn(
  options: PlotOptions,
  words: { readonly id: string; readonly title: string },
): Promise<VNode> {
  const { plot } = await import('@observablehq/plot');
  const { document } = parseHTML('<html></html>');
  const svg = plot({ ...options, document, className: 'plot' });
  const attributes = { role: 'group', 'aria-labelledby': `${words.id}-title` };
  return copied(svg as unknown as Drawn, attributes) as VNode;
}

/** As much of an element as is read here. */
interface Drawn {
  readonly nodeType: number;
  readonly localName: string;
  readonly textContent: string | null;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  readonly childNodes: Iterable<Drawn>;
  querySelector(selector: string): Drawn | null;
}

const textNode = 3;

function copied(node: Drawn, more: Readonly<Record<string, string>> = {}): VNode | string | null {
  if (node.nodeType === textNode) return node.textContent;
  if (node.localName === 'style') return null;
  const attributes = Object.fromEntries(
    [...node.attributes]
      .filter(({ name }) => name !== 'style' && !(name === 'aria-label' && node.localName === 'g'))
      .map(({ name, value }) => [name, value]),
  );
  // Of a link, the words are what its mark is called.
  const title = node.localName === 'a' ? node.querySelector('title')?.textContent : undefined;
  const called = title ? { 'aria-label': title } : {};
  return h(
    node.localName,
    { ...attributes, ...called, ...more },
    ...[...node.childNodes].map((child) => copied(child)),
  );
}
