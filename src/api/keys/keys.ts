import { type Action, actionsOf, type Principal, type Role } from '../access.ts';

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
  /** RFC 3339; if left out never, and for auditors in 30 days. */
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
  readonly code: 'key-not-found' | 'key-grants-too-much' | 'key-needs-customer' | 'key-revoked' | 'key-lives-too-long';
  constructor(code: KeyRefused['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const dayMs = 86_400_000;
const auditorDays = { usual: 30, most: 90 } as const;

/** When a key ends: an audit is over some day, so the keys for it are. Throws KeyRefused. */
export function expiryOf({ role, expiresAt }: Pick<NewKeyRequest, 'role' | 'expiresAt'>, now: string): string | null {
  if (role !== 'auditor') return expiresAt ?? null;
  const latest = Date.parse(now) + auditorDays.most * dayMs;
  if (expiresAt === undefined) return new Date(Date.parse(now) + auditorDays.usual * dayMs).toISOString();
  if (Date.parse(expiresAt) > latest)
    throw new KeyRefused('key-lives-too-long', `A key of the role auditor lives ${auditorDays.most} days at most.`);
  return expiresAt;
}

/** A key grants nothing that its role or its creator lacks. Throws KeyRefused. */
export function assertGrantable(request: NewKeyRequest): void {
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
