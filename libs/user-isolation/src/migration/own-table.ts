import { identifier } from '@session-guard/core';
import type { QueryRunner } from 'typeorm';
import { API_ROLE_SETTING, CURRENT_OWNER_SQL, DEFAULT_API_ROLE, OWNER_COLUMN } from '../isolation.constants.ts';
import { IsolationError } from '../isolation.error.ts';

/** What the API's role may do with an owned table's rows, its own user's only. */
export type RowPrivilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

/** Options of {@link ownTable}. */
export interface OwnTableOptions {
  /** Columns of the index after the owner, as SQL, e.g. `['created_at desc', 'id desc']` for the list's order. */
  readonly indexColumns?: readonly string[];
  /** @default all four */
  readonly privileges?: readonly RowPrivilege[];
  /** The API's role. @default the migration's own setting, then `session_guard_api` */
  readonly role?: string;
}

const ALL: readonly RowPrivilege[] = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

/** The name of an owned table's policy. */
export function policyName(table: string): string {
  return `${table}_owner`;
}

/**
 * Makes an existing table owned, for use in a migration run by its owner: the column `user_id` with a foreign key to
 * Better Auth's user and `on delete cascade`, an index leading with it, row level security enabled and forced, its
 * policy, and the API role's privileges. The rows of a table that already has some must be given an owner first:
 * add and fill `user_id`, then call this.
 *
 * @param table an unqualified name in the search path, without quotes
 * @throws {IsolationError} when Better Auth's ids are neither text nor uuid, or the table has an owner column of
 * another type
 * @example
 * await queryRunner.query('create table note (id uuid primary key default gen_random_uuid(), body text not null)');
 * await ownTable(queryRunner, 'note');
 */
export async function ownTable(queryRunner: QueryRunner, table: string, options: OwnTableOptions = {}): Promise<void> {
  const name = identifier(table);
  const column = identifier(OWNER_COLUMN);
  const type = await ownerType(queryRunner, table);
  const owner = `(select ${CURRENT_OWNER_SQL}${type === 'text' ? '' : `::${type}`})`;
  const index = [column, ...(options.indexColumns ?? [])].join(', ');
  const role = identifier(options.role ?? (await apiRole(queryRunner)));

  await queryRunner.query(`alter table ${name} add column if not exists ${column} ${type}`);
  await queryRunner.query(`alter table ${name} alter column ${column} set not null`);
  await queryRunner.query(
    `alter table ${name} alter column ${column} set default ${CURRENT_OWNER_SQL}${type === 'text' ? '' : `::${type}`}`,
  );
  await queryRunner.query(
    `alter table ${name} add constraint ${identifier(`${table}_${OWNER_COLUMN}_fkey`)} ` +
      `foreign key (${column}) references "user"(id) on delete cascade`,
  );
  await queryRunner.query(`create index ${identifier(`${table}_${OWNER_COLUMN}_idx`)} on ${name} (${index})`);
  await queryRunner.query(`alter table ${name} enable row level security`);
  await queryRunner.query(`alter table ${name} force row level security`);
  await queryRunner.query(
    `create policy ${identifier(policyName(table))} on ${name} using (${column} = ${owner}) with ` +
      `check (${column} = ${owner})`,
  );
  await queryRunner.query(`revoke all on ${name} from public, ${role}`);
  await queryRunner.query(`grant ${(options.privileges ?? ALL).join(', ')} on ${name} to ${role}`);
}

/** The role migrations grant to: the session's setting, else the default. */
export async function apiRole(queryRunner: QueryRunner): Promise<string> {
  const rows = (await queryRunner.query(
    `select coalesce(nullif(current_setting('${API_ROLE_SETTING}', true), ''), $1) as role`,
    [DEFAULT_API_ROLE],
  )) as { role: string }[];
  return rows[0]?.role ?? DEFAULT_API_ROLE;
}

/** Types that Better Auth's ids may have. The owner is sent as text, and PostgreSQL casts it. */
const ID_TYPES = new Set(['text', 'uuid']);

/**
 * Better Auth's ids are text, or uuid where it is configured so; the foreign key must have the same type.
 *
 * @throws {IsolationError} for any other kind, and for an owner column that is of another kind than they are
 */
async function ownerType(queryRunner: QueryRunner, table: string): Promise<string> {
  const user = await columnType(queryRunner, '"user"', 'id');
  if (user === undefined)
    throw new IsolationError('Better Auth\'s table "user" is missing: run its migrations before these.');
  if (!ID_TYPES.has(user)) {
    throw new IsolationError(
      `Better Auth's ids are ${user} here. Owned tables need text, its default, or uuid: set ` +
        'advanced.database.generateId accordingly there.',
    );
  }
  const owner = (await columnType(queryRunner, identifier(table), OWNER_COLUMN)) ?? user;
  if (owner !== user) {
    throw new IsolationError(
      `"${table}"."${OWNER_COLUMN}" is ${owner}, but Better Auth's ids are ${user}. Leave the column out and let ` +
        `ownTable add it, or, before: alter table "${table}" alter column ${OWNER_COLUMN} type ${user} using ` +
        `${OWNER_COLUMN}::${user};`,
    );
  }
  return user;
}

/** @returns undefined when the table or the column isn't there */
async function columnType(queryRunner: QueryRunner, table: string, column: string): Promise<string | undefined> {
  const rows = (await queryRunner.query(
    'select format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = to_regclass($1) ' +
      'and attname = $2 and not attisdropped',
    [table, column],
  )) as { type: string }[];
  return rows[0]?.type;
}
