import type { Migration } from '../database/database.ts';

/** The register of projections: which generation of tables is shown, how far each one is, and what is parked. */
export const projectionMigrations: readonly Migration[] = [
  {
    name: 'projections-1',
    sql: `
      create table projection_generations (
        projection text collate "C" not null,
        generation integer not null,
        version integer not null,
        state text not null check (state in ('building', 'active', 'previous')),
        -- Position of the last event whose effects are in the tables; 'start' before the first.
        position text collate "C" not null,
        -- Raised when something other than the runner changed the tables, so that the runner reloads what it holds.
        edition integer not null default 0,
        -- The tables of this generation, to drop them when no code knows the projection any more.
        tables text[] not null,
        created_at timestamptz not null default now(),
        switched_at timestamptz,
        primary key (projection, generation)
      );
      create unique index projection_generations_active on projection_generations (projection) where state = 'active';
      create unique index projection_generations_building on projection_generations (projection) where state = 'building';
      create table parked_streams (
        projection text collate "C" not null,
        generation integer not null,
        stream text collate "C" not null,
        code text not null,
        cause text not null,
        parked_at timestamptz not null default now(),
        primary key (projection, generation, stream)
      );
      create table parked_events (
        projection text collate "C" not null,
        generation integer not null,
        stream text collate "C" not null,
        revision integer not null,
        position text collate "C" not null,
        type text not null,
        primary key (projection, generation, stream, revision)
      )`,
  },
  {
    name: 'projections-2',
    sql: `
      create schema if not exists analytics;
      comment on schema analytics is 'Orders, lines, promises and their outcomes, for reading';
      create table published_views (
        name text collate "C" primary key,
        projection text collate "C" not null,
        -- SHA-256 of the statements that made it.
        definition text not null
      )`,
  },
  {
    name: 'projections-3',
    sql: `
      alter table projection_generations
        -- How many events were folded into the tables, and the position of the first.
        add column events bigint not null default 0,
        add column first_position text collate "C";
      -- When a retry was last in vain.
      alter table parked_streams add column tried_at timestamptz;
      create table replay_certificates (
        id text collate "C" primary key,
        projection text collate "C" not null,
        verdict text not null,
        finished_at timestamptz not null,
        -- The whole certificate, as it is downloaded.
        certificate text not null
      );
      create index replay_certificates_newest on replay_certificates (finished_at desc, id desc)`,
  },
];
