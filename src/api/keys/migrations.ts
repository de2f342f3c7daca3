import type { Migration } from '../../database/database.ts';

export const apiKeyMigrations: readonly Migration[] = [
  {
    name: 'api-keys-1',
    sql: `
      create table api_keys (
        key_id text primary key,
        principal_id text not null,
        label text not null,
        role text not null,
        customer_id text,
        scopes text,
        secret_hash text not null,
        created_at timestamptz not null,
        created_by text not null,
        expires_at timestamptz,
        revoked_at timestamptz,
        last_used_at timestamptz
      );
      create index api_keys_principal on api_keys (principal_id);
    `,
  },
  {
    name: 'session-secret-1',
    sql: `
      create table session_secret (
        one boolean primary key default true check (one),
        secret text not null,
        created_at timestamptz not null
      );
    `,
  },
];
