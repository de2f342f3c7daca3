import type { Queryable } from '../../database/database.ts';
import { isAction, isRole } from '../access.ts';
import { hashOf, newKey } from './format.ts';
import {
  type ApiKey,
  type ApiKeys,
  assertGrantable,
  expiryOf,
  KeyRefused,
  type NewKeyRequest,
  type StoredKey,
} from './keys.ts';

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

type Issued = Awaited<ReturnType<ApiKeys['create']>>;

/** A fresh secret for the key. Without `principalId` the key is a principal of its own. */
async function issue(
  database: Queryable,
  key: Omit<ApiKey, 'keyId' | 'lastUsedAt' | 'revokedAt'>,
  principalId?: string,
): Promise<Issued> {
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
}

async function find(database: Queryable, keyId: string): Promise<StoredKey | undefined> {
  const [row] = await database.query<KeyRow>({
    name: 'api-key-find',
    text: 'select * from api_keys where key_id = $1',
    values: [keyId],
  });
  return row && fromRow(row);
}

async function create(database: Queryable, request: NewKeyRequest, now: string): Promise<Issued> {
  assertGrantable(request);
  const { label, role, customerId, scopes, createdBy } = request;
  return issue(database, {
    label,
    principal: { id: '', role, ...(customerId !== undefined && { customerId }), ...(scopes && { scopes }) },
    createdAt: now,
    createdBy: createdBy.id,
    expiresAt: expiryOf(request, now),
  });
}

async function rotate(database: Queryable, keyId: string, overlapSeconds: number, now: string): Promise<Issued> {
  const old = await find(database, keyId);
  if (!old) throw new KeyRefused('key-not-found', `There is no key ${keyId}.`);
  if (old.revokedAt !== null) throw new KeyRefused('key-revoked', `Key ${keyId} is revoked; create a new one.`);
  const { label, principal, expiresAt } = old;
  const renewed = { label, principal, createdAt: now, createdBy: `rotation of ${keyId}`, expiresAt };
  const next = await issue(database, renewed, principal.id);
  const end = new Date(Date.parse(now) + overlapSeconds * 1000).toISOString();
  await database.query({
    text: 'update api_keys set expires_at = least(coalesce(expires_at, $2::timestamptz), $2::timestamptz) where key_id = $1',
    values: [keyId, end],
  });
  return next;
}

async function revoke(database: Queryable, keyId: string, now: string): Promise<void> {
  const rows = await database.query({
    text: 'update api_keys set revoked_at = coalesce(revoked_at, $2::timestamptz) where key_id = $1 returning key_id',
    values: [keyId, now],
  });
  if (rows.length === 0) throw new KeyRefused('key-not-found', `There is no key ${keyId}.`);
}

async function list(database: Queryable): Promise<readonly ApiKey[]> {
  const rows = await database.query<KeyRow>({ text: 'select * from api_keys order by created_at, key_id' });
  return rows.map(fromRow).flatMap((key) => {
    if (!key) return [];
    const { secretHash: _, ...shown } = key;
    return [shown];
  });
}

/** Keys in the database. `clock` gives the current instant. */
export function createApiKeys(database: Queryable, clock: () => string): ApiKeys {
  return {
    find: (keyId) => find(database, keyId),
    create: (request) => create(database, request, clock()),
    rotate: (keyId, { overlapSeconds }) => rotate(database, keyId, overlapSeconds, clock()),
    revoke: (keyId) => revoke(database, keyId, clock()),
    list: () => list(database),
    markUsed: async (keyIds, at) => {
      await database.query({
        text: 'update api_keys set last_used_at = $2::timestamptz where key_id = any($1::text[])',
        values: [keyIds, at],
      });
    },
  };
}
