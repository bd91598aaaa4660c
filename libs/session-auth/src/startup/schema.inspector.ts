import type { DataSource, EntityMetadata } from 'typeorm';
import { poolOf } from '../database/pool.ts';
import { PLUGIN_SESSION_COLUMNS } from '../entities/session.entity.ts';
import { PLUGIN_USER_COLUMNS } from '../entities/user.entity.ts';
import { ROW_TRIGGER } from '../revocation/revocation.triggers.ts';
import { AuthStartupError } from './auth-startup.error.ts';

/** What the database Better Auth writes to looks like from here. */
export interface AuthSchema {
  /** Columns of absent plugins, as `table.column`. */
  readonly absent: ReadonlySet<string>;
  /** Whether revocations are announced; without them nothing may be remembered. */
  readonly announcesRevocations: boolean;
  /** Whether the jwt plugin's keys are there to read. */
  readonly hasSigningKeys: boolean;
}

interface ColumnRow {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly readable: boolean;
  readonly unique: boolean;
}

/** What ids may be: Better Auth makes them as text, or as uuid where it was told so. */
const ID_TYPES = /^(?:text|uuid|character varying)/;
const SIGNING_KEY_COLUMNS = ['id', 'publicKey', 'alg', 'expiresAt'];

const COLUMNS = `
  select c.relname as "table", a.attname as "column", format_type(a.atttypid, a.atttypmod) as type,
    has_column_privilege(c.oid, a.attnum, 'select') as readable,
    exists (select from pg_index i where i.indrelid = c.oid and i.indisunique and i.indisvalid
      and i.indpred is null and i.indnkeyatts = 1 and i.indkey[0] = a.attnum) as "unique"
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.oid = any (array(select to_regclass(quote_ident(name)) from unnest($1::text[]) name))`;

const TRIGGERS = `
  select count(*)::int as count from pg_trigger
  where tgname = $1 and tgenabled in ('O', 'A')
    and tgrelid = any (array(select to_regclass(quote_ident(name)) from unnest($2::text[]) name))`;

/**
 * Looks once, at start, whether sessions can be verified here.
 *
 * @throws AuthStartupError listing every missing table, column, index and privilege with its fix
 */
export async function inspectSchema(
  dataSource: DataSource,
  session: EntityMetadata,
  user: EntityMetadata,
  wantsJwt: boolean,
): Promise<AuthSchema> {
  const pool = poolOf(dataSource);
  const tables = [session.tableName, user.tableName];
  const [columns, triggers] = await Promise.all([
    pool.query<ColumnRow>(COLUMNS, [[...tables, 'jwks']]),
    pool.query<{ count: number }>(TRIGGERS, [ROW_TRIGGER, tables]),
  ]);
  const found = new Map(columns.rows.map((row) => [`${row.table}.${row.column}`, row]));
  const has = (table: string): boolean => columns.rows.some((row) => row.table === table);
  const problems: string[] = [];
  const absent = new Set<string>();

  if (!has(user.tableName)) {
    problems.push(`Table "${user.tableName}" is missing. Run Better Auth's migrations on this database first (npx auth migrate), and check that both use the same one.`);
  } else if (!has(session.tableName)) {
    problems.push(
      `Table "${session.tableName}" is missing. With secondaryStorage Better Auth keeps sessions elsewhere: set session.storeSessionInDatabase: true there and run its migrations.`,
    );
  }
  check(session, PLUGIN_SESSION_COLUMNS);
  check(user, PLUGIN_USER_COLUMNS);
  for (const metadata of [session, user]) {
    const id = metadata.findColumnWithPropertyName('id');
    const row = id && found.get(`${metadata.tableName}.${id.databaseName}`);
    // Numbers would be no ids of a JWT, and no digests of a revocation: both are text.
    if (row && !ID_TYPES.test(row.type)) {
      problems.push(`"${metadata.tableName}"."${row.column}" is ${row.type}. Ids must be text, Better Auth's default, or uuid: set advanced.database.generateId there.`);
    }
  }
  const token = session.findColumnWithPropertyName('token');
  const tokenRow = token && found.get(`${session.tableName}.${token.databaseName}`);
  if (tokenRow && !tokenRow.unique) {
    problems.push(`"${session.tableName}"."${tokenRow.column}" has no unique index, so each lookup would read the whole table. Fix: create unique index on "${session.tableName}" ("${tokenRow.column}");`);
  }
  const hasSigningKeys = wantsJwt && has('jwks');
  if (hasSigningKeys) {
    const unreadable = SIGNING_KEY_COLUMNS.filter((column) => !found.get(`jwks.${column}`)?.readable);
    if (unreadable.length > 0) problems.push(grant('jwks', unreadable));
  }
  if (problems.length > 0) throw new AuthStartupError(problems);
  return { absent, announcesRevocations: triggers.rows[0]?.count === tables.length, hasSigningKeys };

  function check(metadata: EntityMetadata, optional: readonly string[]): void {
    const table = metadata.tableName;
    if (!has(table)) return;
    const unreadable: string[] = [];
    for (const column of metadata.columns) {
      const row = found.get(`${table}.${column.databaseName}`);
      if (!row && optional.includes(column.propertyName)) absent.add(`${table}.${column.databaseName}`);
      else if (!row) {
        problems.push(`Column "${table}"."${column.databaseName}" of ${metadata.name} is missing. Run Better Auth's migrations, or correct the entity's @Column({ name }).`);
      } else if (!row.readable) unreadable.push(column.databaseName);
    }
    if (unreadable.length > 0) problems.push(grant(table, unreadable));
  }
}

function grant(table: string, columns: readonly string[]): string {
  const list = columns.map((column) => `"${column}"`).join(', ');
  return `The API's role may not read ${list} of "${table}". Fix, as the owner: grant select (${list}) on "${table}" to <the role of the API's DATABASE URL>;`;
}
