import type { DataSource, EntityMetadata } from 'typeorm';
import { identifier } from '../database/identifier.ts';
import { poolOf } from '../database/pool.ts';
import { TOKEN_LOOKUP, TOKEN_LOOKUP_SIGNATURE } from '../database/token.lookup.ts';
import { PLUGIN_SESSION_COLUMNS } from '../entities/session.entity.ts';
import { PLUGIN_USER_COLUMNS } from '../entities/user.entity.ts';
import { ROW_TRIGGER } from '../revocation/revocation.triggers.ts';
import { columnsSql, SIMILAR_TABLES_SQL, type FoundColumn, type SimilarTable } from './auth.catalog.ts';
import { adminPluginProblems, missingTableProblem, tableProblems, type ExpectedTable } from './auth.shape.ts';
import { AuthStartupError } from './auth-startup.error.ts';

/** What the database Better Auth writes to looks like from here. */
export interface AuthSchema {
  /** Columns of absent plugins, as `table.column`. */
  readonly absent: ReadonlySet<string>;
  /** Whether revocations are announced; without them nothing may be remembered. */
  readonly announcesRevocations: boolean;
  /** Whether the jwt plugin's keys are there to read. */
  readonly hasSigningKeys: boolean;
  /** Quoted and with their schema, so that nothing in front of it in the search path is taken for them. */
  readonly tables: { readonly session: string; readonly user: string; readonly jwks: string; readonly member: string };
  /** The function that finds sessions by token, quoted; undefined where the role must read the token itself. */
  readonly tokenLookup: string | undefined;
  /** Why `member` can't be read, for `@OrgRoles()`; undefined when it can. */
  readonly memberProblem: string | undefined;
}

const SIGNING_KEYS: ExpectedTable = {
  name: 'jwks',
  columns: [{ name: 'id' }, { name: 'publicKey' }, { name: 'alg' }, { name: 'expiresAt', time: true }],
};
const MEMBERS: ExpectedTable = {
  name: 'member',
  columns: [{ name: 'userId' }, { name: 'organizationId' }, { name: 'role' }],
};

const TRIGGERS = `
  select count(*)::int as count from pg_trigger
  where tgname = $1 and tgenabled in ('O', 'A') and tgrelid = any (array(select to_regclass(path) from unnest($2::text[]) path))`;

/** A function that isn't there, or that the role may not call, is no way to a session. */
const MAY_CALL = `select coalesce(has_function_privilege(to_regprocedure($1), 'execute'), false) as "mayCall"`;

/**
 * Looks once, at start, whether sessions can be verified here.
 *
 * @throws AuthStartupError listing every missing table, column, index and privilege, and every column of another shape, with its fix
 */
export async function inspectSchema(
  dataSource: DataSource,
  session: EntityMetadata,
  user: EntityMetadata,
  wantsJwt: boolean,
): Promise<AuthSchema> {
  const pool = poolOf(dataSource);
  const paths = [session, user].map(pathOf);
  const [columns, similar, triggers] = await Promise.all([
    pool.query<FoundColumn>(columnsSql([...paths, 'jwks', 'member'])),
    pool.query<SimilarTable>(SIMILAR_TABLES_SQL),
    pool.query<{ count: number }>(TRIGGERS, [ROW_TRIGGER, paths]),
  ]);
  const found = columns.rows;
  const schemaOf = (table: string): string | undefined => found.find((column) => column.table === table)?.schema;
  const qualified = (table: string): string => [schemaOf(table) ?? 'public', table].map(identifier).join('.');
  const columnOf = (table: string, name: string): FoundColumn | undefined =>
    found.find((each) => each.table === table && each.column === name);
  const tokenLookup = `${identifier(schemaOf(session.tableName) ?? 'public')}.${identifier(TOKEN_LOOKUP)}`;
  const { rows } = await pool.query<{ mayCall: boolean }>(MAY_CALL, [
    tokenLookup.replace(identifier(TOKEN_LOOKUP), TOKEN_LOOKUP_SIGNATURE),
  ]);

  const problems: string[] = [];
  const absent = new Set<string>();
  // One missing table says enough: the other is most likely in the same place.
  const missing = [user, session].find(({ tableName }) => schemaOf(tableName) === undefined);
  if (missing) problems.push(missingTableProblem(missing.tableName, similar.rows));
  const token = session.findColumnWithPropertyName('token')?.databaseName ?? 'token';
  // It knows Better Auth's own names only.
  const mayCall = rows[0]?.mayCall === true && session.tableName === 'session' && token === 'token';
  check(user, PLUGIN_USER_COLUMNS);
  check(session, PLUGIN_SESSION_COLUMNS, mayCall ? token : undefined);
  if (!missing) problems.push(...adminPluginProblems(found, { session: session.tableName, user: user.tableName }));
  if (columnOf(session.tableName, token)?.unique === false) {
    const table = `"${session.tableName}" ("${token}")`;
    problems.push(
      `"${session.tableName}"."${token}" has no unique index, so each lookup would read the whole table. Fix: create unique index on ${table};`,
    );
  }
  const hasSigningKeys = wantsJwt && schemaOf('jwks') !== undefined;
  if (hasSigningKeys) problems.push(...tableProblems(SIGNING_KEYS, found), ...unreadable(SIGNING_KEYS));
  if (problems.length > 0) throw new AuthStartupError(problems);
  return {
    absent,
    announcesRevocations: triggers.rows[0]?.count === paths.length,
    hasSigningKeys,
    tables: {
      session: qualified(session.tableName),
      user: qualified(user.tableName),
      jwks: qualified('jwks'),
      member: qualified('member'),
    },
    tokenLookup: mayCall ? tokenLookup : undefined,
    memberProblem:
      schemaOf('member') === undefined
        ? 'The table "member" is missing: it comes with Better Auth\'s organization plugin.'
        : [...tableProblems(MEMBERS, found), ...unreadable(MEMBERS)][0],
  };

  function check(metadata: EntityMetadata, plugins: readonly string[], throughFunction?: string): void {
    const table: ExpectedTable = {
      name: metadata.tableName,
      entity: metadata.name,
      columns: metadata.columns.map(({ databaseName, propertyName, type }) => ({
        name: databaseName,
        time: type === 'timestamptz',
        plugin: plugins.includes(propertyName),
      })),
    };
    if (schemaOf(table.name) === undefined) return;
    problems.push(...tableProblems(table, found), ...unreadable(table, throughFunction));
    for (const { name, plugin } of table.columns)
      if (plugin && !columnOf(table.name, name)) absent.add(`${table.name}.${name}`);
  }

  function unreadable({ name: table, columns: expected }: ExpectedTable, throughFunction?: string): string[] {
    const names = expected
      .filter(({ name }) => name !== throughFunction && columnOf(table, name)?.readable === false)
      .map(({ name }) => name);
    return names.length > 0 ? [grant(table, names)] : [];
  }
}

function pathOf(metadata: EntityMetadata): string {
  return metadata.tablePath.split('.').map(identifier).join('.');
}

function grant(table: string, columns: readonly string[]): string {
  const list = columns.map((column) => `"${column}"`).join(', ');
  return (
    `The API's role may not read ${list} of "${table}". Fix, as the owner: grant select (${list}) on "${table}" to <the role of the API's DATABASE URL>; ` +
    'or grantVerification(queryRunner, { role }) in a migration, which also keeps the tokens of sessions closed to it.'
  );
}
