import type { CellKind } from './columns.ts';

/** One value in one cell, and back. A bar in a word is written with a backslash before it. */

export function cellText(kind: CellKind, value: unknown): string {
  if (value === undefined) return '';
  if (kind === 'words') return (value as readonly string[]).map(escaped).join('|');
  return kind === 'json' ? JSON.stringify(value) : String(value);
}

/** A cell that cannot be what it should be. */
export class UnreadableCell extends Error {
  override readonly name = 'UnreadableCell';
}

/** Undefined for an empty cell. Throws UnreadableCell. */
export function cellValue(kind: CellKind, text: string): unknown {
  if (text === '') return undefined;
  switch (kind) {
    case 'text':
      return text;
    case 'integer':
      if (/^-?\d{1,15}$/.test(text)) return Number(text);
      throw new UnreadableCell(`${JSON.stringify(text)} is not a whole number`);
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      throw new UnreadableCell(`${JSON.stringify(text)} is neither true nor false`);
    case 'words':
      return wordsIn(text);
    case 'json':
      return parsed(text);
  }
}

const escaped = (word: string): string => word.replaceAll('\\', '\\\\').replaceAll('|', '\\|');

/** Splits at bars that have no backslash before them. */
function wordsIn(text: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  for (const [part] of text.matchAll(/\\.|\||[^\\|]+|\\/gsu)) {
    if (part === '|') {
      words.push(word);
      word = '';
    } else word += part === '\\|' || part === '\\\\' ? part.slice(1) : part;
  }
  return [...words, word];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableCell('is not JSON');
  }
}
