import { randomBytes } from 'node:crypto';
import type { Queryable } from '../../database/database.ts';

/** Gives the secret that sessions are signed with; rejects while the database cannot be reached. */
export type SessionSecret = () => Promise<Buffer>;

/** Kept in the database, so that sessions hold through a restart and in every process. The first that needs it makes it. */
export function storedSessionSecret(database: Queryable, clock: () => string): SessionSecret {
  let known: Promise<Buffer> | undefined;
  const read = async (): Promise<Buffer> => {
    await database.query({
      text: 'insert into session_secret (secret, created_at) values ($1, $2) on conflict do nothing',
      values: [randomBytes(32).toString('base64url'), clock()],
    });
    const [row] = await database.query<{ secret: string }>({ text: 'select secret from session_secret' });
    if (!row) throw new Error('The secret of the sessions was not stored');
    return Buffer.from(row.secret, 'base64url');
  };
  return () => {
    known ??= read().catch((error) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}
