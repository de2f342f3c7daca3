import type { Queryable } from '../../database/database.ts';
import { type Action, actionsOf, isAction, isRole, type Principal, type Role } from '../access.ts';
import { hashOf, newKey } from './format.ts';

/** API keys as they are kept: never the secret, only its hash. */
export interface ApiKey {
  readonly keyId: string;
  readonly label: string;
  readonly principal: Principal;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
}

export interface StoredKey extends ApiKey {
  readonly secretHash: string;
}

export interface NewKeyRequest {
  readonly label: string;
  readonly role: Role;
  readonly customerId?: string;
  readonly scopes?: readonly Action[];
  /** RFC 3339; never, if left out. */
  readonly expiresAt?: string;
  /** Who asks: the operator at the command line, or a key that may not grant more than it has. */
  readonly createdBy: Principal | { readonly id: string; readonly operator: true };
}

export interface ApiKeys {
  /** The key text is in the answer only, never again. Throws KeyRefused. */
  create(request: NewKeyRequest): Promise<{ readonly key: ApiKey; readonly text: string }>;
  /** A new secret for the same principal; the old key stays valid for `overlapSeconds`. Throws KeyRefused. */
  rotate(keyId: string, o: { overlapSeconds: number }): Promise<{ readonly key: ApiKey; readonly text: string }>;
  /** From now on refused; other processes notice within the life of their cache (seconds). Throws KeyRefused. */
  revoke(keyId: string): Promise<void>;
  list(): Promise<readonly ApiKey[]>;
  find(keyId: string): Promise<StoredKey | undefined>;
  markUsed(keyIds: readonly string[], at: string): Promise<void>;
}

export class KeyRefused extends Error {
  override readonly name = 'KeyRefused';
  readonly code: 'key-not-found' | 'key-grants-too-much' | 'key-needs-customer' | 'key-revoked';
  constructor(code: KeyRefused['code'], message: string) {
    super(message);
    this.code = code;
  }
}

interface KeyRow {
  readonly key_id: string;
  readonly principal_id: string;
  readonly label: string;
  readonly role: string;
  readonly customer_id: string | null;
  /** Words with a blank between; null is the whole role. */
  readonly scopes: string | null;
  readonly secret_hash: string;
  readonly created_at: string;
  readonly created_by: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly last_used_at: string | null;
}

function fromRow(row: KeyRow): StoredKey | undefined {
  if (!isRole(row.role)) return undefined;
  const scopes = row.scopes?.split(' ').filter(isAction);
  return {
    keyId: row.key_id,
    label: row.label,
    principal: {
      id: row.principal_id,
      role: row.role,
      ...(row.customer_id !== null && { customerId: row.customer_id }),
      ...(scopes && { scopes }),
    },
    secretHash: row.secret_hash,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  };
}

function assertGrantable(request: NewKeyRequest): void {
  if ((request.role === 'customer') !== (request.customerId !== undefined)) {
    throw new KeyRefused('key-needs-customer', 'A key of the role customer names its customer; other roles name none.');
  }
  const role = actionsOf({ role: request.role });
  const wanted = request.scopes ?? role;
  const creator = request.createdBy;
  const grantable = 'role' in creator ? actionsOf(creator) : role;
  const excess = wanted.find((action) => !role.includes(action) || !grantable.includes(action));
  if (excess)
    throw new KeyRefused(
      'key-grants-too-much',
      `The key would allow ${excess}, which its role or its creator does not.`,
    );
  if ('role' in creator && creator.role === 'customer' && creator.customerId !== request.customerId) {
    throw new KeyRefused('key-grants-too-much', 'A customer may create keys only for itself.');
  }
}

/** Keys in the database. `clock` gives the current instant. */
export function createApiKeys(database: Queryable, clock: () => string): ApiKeys {
  const insert = async (key: Omit<ApiKey, 'keyId' | 'lastUsedAt' | 'revokedAt'>, principalId?: string) => {
    const fresh = newKey();
    const principal = { ...key.principal, id: principalId ?? `key:${fresh.keyId}` };
    await database.query({
      text: `insert into api_keys (key_id, principal_id, label, role, customer_id, scopes, secret_hash, created_at, created_by, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      values: [
        fresh.keyId,
        principal.id,
        key.label,
        principal.role,
        principal.customerId ?? null,
        principal.scopes?.join(' ') ?? null,
        hashOf(fresh.secret),
        key.createdAt,
        key.createdBy,
        key.expiresAt,
      ],
    });
    return { key: { ...key, keyId: fresh.keyId, principal, revokedAt: null, lastUsedAt: null }, text: fresh.text };
  };

  const find = async (keyId: string) => {
    const rows = await database.query<KeyRow>({
      name: 'api-key-find',
      text: 'select * from api_keys where key_id = $1',
      values: [keyId],
    });
    return rows[0] && fromRow(rows[0]);
  };

  return {
    find,
    create: async (request) => {
      assertGrantable(request);
      const { label, role, customerId, scopes, expiresAt, createdBy } = request;
      return insert({
        label,
        principal: { id: '', role, ...(customerId !== undefined && { customerId }), ...(scopes && { scopes }) },
        createdAt: clock(),
        createdBy: createdBy.id,
        expiresAt: expiresAt ?? null,
      });
    },
    rotate: async (keyId, { overlapSeconds }) => {
      const old = await find(keyId);
      if (!old) throw new KeyRefused('key-not-found', `There is no key ${keyId}.`);
      if (old.revokedAt !== null) throw new KeyRefused('key-revoked', `Key ${keyId} is revoked; create a new one.`);
      const now = clock();
      const next = await insert({ ...old, createdAt: now, createdBy: `rotation of ${keyId}` }, old.principal.id);
      const end = new Date(Date.parse(now) + overlapSeconds * 1000).toISOString();
      await database.query({
        text: 'update api_keys set expires_at = least(coalesce(expires_at, $2::timestamptz), $2::timestamptz) where key_id = $1',
        values: [keyId, end],
      });
      return next;
    },
    revoke: async (keyId) => {
      const rows = await database.query({
        text: 'update api_keys set revoked_at = coalesce(revoked_at, $2::timestamptz) where key_id = $1 returning key_id',
        values: [keyId, clock()],
      });
      if (rows.length === 0) throw new KeyRefused('key-not-found', `There is no key ${keyId}.`);
    },
    list: async () => {
      const rows = await database.query<KeyRow>({ text: 'select * from api_keys order by created_at, key_id' });
      return rows
        .map(fromRow)
        .filter((key) => key !== undefined)
        .map(({ secretHash: _, ...key }) => key);
    },
    markUsed: async (keyIds, at) => {
      await database.query({
        text: 'update api_keys set last_used_at = $2::timestamptz where key_id = any($1::text[])',
        values: [keyIds, at],
      });
    },
  };
}
