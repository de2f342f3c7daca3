import { canonicalJson } from '../../values/canonical-json.ts';
import { isLocalDate } from '../../values/dates.ts';
import { sha256Hex } from '../../values/digest.ts';
import { isUuid } from '../../values/ids.ts';
import { InvalidValue } from '../../values/refusal.ts';

/** Where a page ended: the sort key of its last order. */
export interface Place {
  readonly orderedOn: string;
  readonly orderId: string;
}

const fingerprint = (filters: object): string => sha256Hex(canonicalJson(filters)).slice(0, 16);

/** Opaque text that belongs to one set of filters. */
export const writeCursor = ({ orderedOn, orderId }: Place, filters: object): string =>
  Buffer.from(JSON.stringify([fingerprint(filters), orderedOn, orderId])).toString('base64url');

/** Throws InvalidValue `malformed-cursor` for any other text, and for a cursor of other filters. */
export function readCursor(cursor: string, filters: object): Place {
  const [print, orderedOn, orderId] = parts(cursor);
  if (typeof orderedOn !== 'string' || typeof orderId !== 'string' || !isLocalDate(orderedOn) || !isUuid(orderId)) {
    throw new InvalidValue('malformed-cursor', 'The cursor is not one that this service gave out', 'cursor');
  }
  if (print !== fingerprint(filters)) {
    throw new InvalidValue('malformed-cursor', 'The cursor belongs to other filters; start again without it', 'cursor');
  }
  return { orderedOn, orderId };
}

function parts(cursor: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
