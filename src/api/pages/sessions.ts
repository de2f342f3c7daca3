import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Principal } from '../access.ts';
import { parseKey } from '../keys/format.ts';
import type { SessionSecret } from '../keys/session-secret.ts';
import type { KeyVerifier } from '../keys/verifier.ts';

/** Browsers keep a cookie of this name only from HTTPS or their own machine, for this host alone and all of its paths. */
export const cookieName = '__Host-orderfold';
export const sessionSeconds = 8 * 60 * 60;

const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict';

export interface Sessions {
  /** The Set-Cookie of a new session; undefined when the key is not valid. */
  begin(keyText: string): Promise<{ readonly cookie: string; readonly principal: Principal } | undefined>;
  /** Whose session the request came with: undefined without one, after its time, and once its key has expired or was revoked. */
  principalOf(cookieHeader: string | undefined): Promise<Principal | undefined>;
  /** The Set-Cookie that ends a session. */
  readonly end: string;
}

/** A session is a key's id and an end, signed; the key itself is not in it. */
export function createSessions(verifier: KeyVerifier, secret: SessionSecret, clock: () => string): Sessions {
  const signature = async (text: string): Promise<Buffer> =>
    createHmac('sha256', await secret())
      .update(text)
      .digest();
  return {
    end: `${cookieName}=; Max-Age=0; ${attributes}`,
    begin: async (keyText) => {
      const principal = await verifier.verify(keyText);
      const parts = parseKey(keyText);
      if (!principal || !parts) return undefined;
      const text = `${parts.keyId}.${Date.parse(clock()) + sessionSeconds * 1000}`;
      const value = `${text}.${(await signature(text)).toString('base64url')}`;
      return { cookie: `${cookieName}=${value}; Max-Age=${sessionSeconds}; ${attributes}`, principal };
    },
    principalOf: async (header) => {
      const [, keyId, end, signed] = valueForm.exec(cookieOf(header) ?? '') ?? [];
      if (keyId === undefined || end === undefined || signed === undefined) return undefined;
      const given = Buffer.from(signed, 'base64url');
      const right = await signature(`${keyId}.${end}`);
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
      return Number(end) > Date.parse(clock()) ? verifier.ofKey(keyId) : undefined;
    },
  };
}

const valueForm = /^([a-z0-9]{12})\.(\d{13,15})\.([A-Za-z0-9_-]{43})$/;

function cookieOf(header: string | undefined): string | undefined {
  const pair = header?.split(';').find((text) => text.trim().startsWith(`${cookieName}=`));
  return pair?.trim().slice(cookieName.length + 1);
}
