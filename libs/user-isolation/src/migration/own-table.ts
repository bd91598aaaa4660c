import type { QueryRunner } from 'typeorm';
import { API_ROLE_SETTING, CURRENT_OWNER_SQL, DEFAULT_API_ROLE, OWNER_COLUMN } from '../isolation.constants.ts';

/** What the API's role may do with an owned table's rows, its own user's only. */
export type RowPrivilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

/** Options of {@link ownTable}. */
export interface OwnTableOptions {
  /** Columns the owner's index goes on with, as SQL, e.g. `['created_at desc', 'id desc']` for the list's order. */
  readonly indexColumns?: readonly string[];
  /** @default all four */
  readonly privileges?: readonly RowPrivilege[];
  /** The API's role. @default the migration's own setting, then `session_guard_api` */
  readonly role?: string;
}

const ALL: readonly RowPrivilege[] = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

/** Quotes an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

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
 * @example
 * await queryRunner.query('create table note (id uuid primary key default gen_random_uuid(), body text not null)');
 * await ownTable(queryRunner, 'note');
 */
export async function ownTable(queryRunner: QueryRunner, table: string, options: OwnTableOptions = {}): Promise<void> {
  const name = identifier(table);
  const column = identifier(OWNER_COLUMN);
  const type = await ownerType(queryRunner);
  const owner = `(select ${CURRENT_OWNER_SQL}${type === 'text' ? '' : `::${type}`})`;
  const index = [column, ...(options.indexColumns ?? [])].join(', ');
  const role = identifier(options.role ?? (await apiRole(queryRunner)));

  await queryRunner.query(`alter table ${name} add column if not exists ${column} ${type}`);
  await queryRunner.query(`alter table ${name} alter column ${column} set not null`);
  await queryRunner.query(`alter table ${name} alter column ${column} set default ${CURRENT_OWNER_SQL}${type === 'text' ? '' : `::${type}`}`);
  await queryRunner.query(
    `alter table ${name} add constraint ${identifier(`${table}_${OWNER_COLUMN}_fkey`)} foreign key (${column}) references "user"(id) on delete cascade`,
  );
  await queryRunner.query(`create index ${identifier(`${table}_${OWNER_COLUMN}_idx`)} on ${name} (${index})`);
  await queryRunner.query(`alter table ${name} enable row level security`);
  await queryRunner.query(`alter table ${name} force row level security`);
  await queryRunner.query(
    `create policy ${identifier(policyName(table))} on ${name} using (${column} = ${owner}) with check (${column} = ${owner})`,
  );
  await queryRunner.query(`revoke all on ${name} from public, ${role}`);
  await queryRunner.query(`grant ${(options.privileges ?? ALL).join(', ')} on ${name} to ${role}`);
}

/** The role migrations grant to: the session's setting, else the default. */
export async function apiRole(queryRunner: QueryRunner): Promise<string> {
  const rows = (await queryRunner.query(`select coalesce(nullif(current_setting('${API_ROLE_SETTING}', true), ''), $1) as role`, [
    DEFAULT_API_ROLE,
  ])) as Array<{ role: string }>;
  return rows[0]?.role ?? DEFAULT_API_ROLE;
}

/** Better Auth's ids are text, or uuid where it was told so; the foreign key must have the same type. */
async function ownerType(queryRunner: QueryRunner): Promise<string> {
  const rows = (await queryRunner.query(
    `select format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = to_regclass('"user"') and attname = 'id'`,
  )) as Array<{ type: string }>;
  const type = rows[0]?.type;
  if (type === undefined) throw new Error('Better Auth\'s table "user" is missing: run its migrations before these.');
  return type;
}
