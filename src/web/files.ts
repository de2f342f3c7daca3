import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const contentTypes: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** A file that pages link to, below a path. Its address names its content, so browsers may keep it for ever. */
export function pageFile(source: URL, below: string) {
  const name = source.pathname.slice(source.pathname.lastIndexOf('/') + 1);
  const body = readFileSync(source, 'utf8');
  const version = createHash('sha256').update(body).digest('hex').slice(0, 12);
  const path = `${below}/${name}`;
  const contentType = contentTypes[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  return { path, address: `${path}?v=${version}`, contentType, body };
}
