import { identifier } from '@session-guard/core';
import type { DataSource } from 'typeorm';
import { poolOf } from '../database/typeorm-internals.ts';
import { OWNER_COLUMN, OWNER_SETTING } from '../isolation.constants.ts';

/** What PostgreSQL says about the role the API connects as. */
export interface RoleFacts {
  readonly name: string;
  readonly superuser: boolean;
  /** By itself, or by a role it may become. */
  readonly bypass: boolean;
  /** Whether a fresh connection already carries an owner. */
  readonly preset: boolean;
}

/** What PostgreSQL says about an owned entity's table. */
export interface TableFacts {
  readonly ownedByRole: boolean;
  readonly enabled: boolean;
  readonly forced: boolean;
  readonly ownerColumn: boolean;
  readonly indexed: boolean;
  readonly truncatable: boolean;
  readonly policies: readonly {
    readonly name: string;
    readonly permissive: boolean;
    /** `*` for all commands. */
    readonly command: string;
    /** Whether it holds for the API's role. */
    readonly applies: boolean;
    readonly using: string;
    readonly check: string | null;
  }[];
}

/** Reads {@link RoleFacts} of the connection's role, and of every role it may SET ROLE to. */
export async function readRole(dataSource: DataSource): Promise<RoleFacts> {
  // On a bare connection: a query of the data source says itself whose it is.
  const { rows } = await poolOf(dataSource).query<RoleFacts>(
    `select session_user as name,
            bool_or(rolsuper) as superuser,
            bool_or(rolbypassrls) as bypass,
            coalesce(current_setting('${OWNER_SETTING}', true), '') <> '' as preset
       from pg_roles where pg_has_role(session_user, oid, 'MEMBER')`,
  );
  return rows[0] as RoleFacts;
}

/** Reads {@link TableFacts}; undefined when there is no such table. */
export async function readTable(dataSource: DataSource, tablePath: string): Promise<TableFacts | undefined> {
  const path = tablePath.split('.').map(identifier).join('.');
  const rows = await dataSource.query<TableFacts[]>(
    `select pg_has_role(session_user, c.relowner, 'MEMBER') as "ownedByRole",
            c.relrowsecurity as enabled,
            c.relforcerowsecurity as forced,
            coalesce(a.attnotnull, false) as "ownerColumn",
            exists (select from pg_index i where i.indrelid = c.oid and i.indkey[0] = a.attnum and i.indisvalid)
              as indexed,
            has_table_privilege(session_user, c.oid, 'TRUNCATE') as truncatable,
            coalesce((select json_agg(json_build_object(
                'name', p.polname, 'permissive', p.polpermissive, 'command', p.polcmd,
                'applies', 0 = any (p.polroles) or exists (select from unnest(p.polroles) r
                  where pg_has_role(session_user, r, 'USAGE')),
                'using', coalesce(pg_get_expr(p.polqual, p.polrelid), ''), 'check',
                  pg_get_expr(p.polwithcheck, p.polrelid)))
              from pg_policy p where p.polrelid = c.oid), '[]') as policies
       from pg_class c
       left join pg_attribute a on a.attrelid = c.oid and a.attname = $2 and not a.attisdropped
      where c.oid = to_regclass($1)`,
    [path, OWNER_COLUMN],
  );
  return rows[0];
}
