import { canonicalJson } from '../../values/canonical-json.ts';
import { parseInstant } from '../../values/dates.ts';
import { sha256Hex } from '../../values/digest.ts';
import { InvalidValue } from '../../values/refusal.ts';

/** Where a page of alerts ended: the sort key of its last one. */
export interface Place {
  readonly raisedAt: string;
  readonly alertId: string;
}

const fingerprint = (filters: object): string => sha256Hex(canonicalJson(filters)).slice(0, 16);

/** Opaque text that belongs to one set of filters. */
export const writeCursor = ({ raisedAt, alertId }: Place, filters: object): string =>
  Buffer.from(JSON.stringify([fingerprint(filters), raisedAt, alertId])).toString('base64url');

/** Throws InvalidValue `malformed-cursor` for any other text, and for a cursor of other filters. */
export function readCursor(cursor: string, filters: object): Place {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const [print, raisedAt, alertId] = Array.isArray(parts) ? (parts as unknown[]) : [];
    const whole = typeof raisedAt === 'string' && typeof alertId === 'string' && !alertId.includes('\0');
    if (whole && print === fingerprint(filters)) return { raisedAt: parseInstant(raisedAt), alertId };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof InvalidValue)) throw error;
  }
  throw new InvalidValue('malformed-cursor', 'The cursor is none of this service, or of other filters', 'cursor');
}
